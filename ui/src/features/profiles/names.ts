/** What stands on a profile's door. */
import type { Profile } from '../../bridge/protocol.gen';
import { t } from '../../i18n/index.svelte';

export const doorName = (profile: Profile): string =>
  profile.label || t().profiles.unnamed(profile.number);

const DYES = ['inju', 'jjok', 'jadu', 'chija', 'ssuk', 'bidulgi'];

export const doorDye = (profile: Profile): string => DYES[profile.number % DYES.length] ?? 'jjok';
