/** What branches and bookmarks are called where nobody named them. */
import type { Slot, TreeBranch } from '../../bridge/protocol.gen';
import { t } from '../../i18n/index.svelte';

export const slotName = (slot: Slot): string =>
  slot.name || (slot.before ? t().branches.before(t().story.act[slot.before]) : slot.last_line);

export function branchName(branch: TreeBranch): string {
  if (branch.name) return branch.name;
  if (branch.kind === 'main') return t().branches.mainName;
  return branch.kind === 'fresh' ? t().branches.freshName : t().branches.unnamed;
}
