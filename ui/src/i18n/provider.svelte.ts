/** What a way to an AI is called: brands keep their names, the practice storyteller is translated. */
import { t } from './index.svelte';

interface Named {
  label: string;
  capabilities: { is_practice: boolean };
}

export function providerName(provider: Named | undefined, id: string): string {
  if (provider?.capabilities.is_practice) return t().provider.practiceName;
  return provider?.label ?? id;
}
