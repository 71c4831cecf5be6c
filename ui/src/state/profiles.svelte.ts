/** Profiles: whose doors there are, and what is done about them. The program keeps all secrets. */
import { problemOf } from '../bridge/bridge';
import type {
  Language,
  Problem,
  Profile,
  ProfileConverting,
  ProfileMade,
  Profiles,
} from '../bridge/protocol.gen';
import type { Connection } from './connection.svelte';

/** A new page holds nothing of the profile that was shown before. */
export type StartAnew = () => void;

export class ProfilesState {
  value: Profiles = $state.raw({
    current: '',
    open: true,
    remembered: false,
    damaged: false,
    profiles: [],
  });
  /** How far locking or unlocking for good has come. */
  converting: ProfileConverting | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  /** The sheet for a new profile. */
  making = $state(false);
  /** Covers the window at once, before anything else is done. */
  hidden = $state(false);

  constructor(
    private readonly connection: Connection,
    private readonly startAnew: StartAnew = () => globalThis.location.reload(),
  ) {}

  get living(): Profile[] {
    return this.value.profiles.filter((each) => each.deleted_at === null);
  }

  get putAway(): Profile[] {
    return this.value.profiles.filter((each) => each.deleted_at !== null);
  }

  get current(): Profile | undefined {
    return this.value.profiles.find((each) => each.id === this.value.current);
  }

  get others(): Profile[] {
    return this.living.filter((each) => each.id !== this.value.current);
  }

  told(profiles: Profiles): void {
    this.value = profiles;
  }

  /** Show a profile; a new page opens it. False: it stayed as it was, and `problem` says why. */
  async open(
    profile_id: string,
    by: { password?: string; recovery?: string; remember?: boolean } = {},
  ): Promise<boolean> {
    const opened = await this.#do(() =>
      this.connection.call('profile.open', { profile_id, ...by }),
    );
    if (opened) this.startAnew();
    return opened !== null;
  }

  /** At once: what is shown disappears before the program is asked. */
  async lock(): Promise<void> {
    if (!this.current?.locked || !this.value.open) return;
    this.hidden = true;
    await this.#do(() => this.connection.call('profile.lock', {}));
    this.startAnew();
  }

  create(label: string, password: string | null, language: Language): Promise<ProfileMade | null> {
    return this.#made(() => this.connection.call('profile.create', { label, password, language }));
  }

  protect(password: string, remember: boolean): Promise<ProfileMade | null> {
    // The page stays as it is until the sheet was kept: the form that shows it would go.
    return this.#do(() => this.connection.call('profile.protect', { password, remember }));
  }

  newSheet(password: string): Promise<ProfileMade | null> {
    return this.#made(() => this.connection.call('profile.recovery', { password }));
  }

  async unprotect(password: string): Promise<boolean> {
    const done = await this.#do(() => this.connection.call('profile.unprotect', { password }));
    this.converting = null;
    if (done) this.startAnew();
    return done !== null;
  }

  changePassword(password: string, fresh: string): Promise<boolean> {
    return this.#kept(() => this.connection.call('profile.password', { password, fresh }));
  }

  remember(remember: boolean): Promise<boolean> {
    return this.#kept(() => this.connection.call('profile.remember', { remember }));
  }

  rename(profile_id: string, label: string): Promise<boolean> {
    return this.#kept(() => this.connection.call('profile.rename', { profile_id, label }));
  }

  putAwayOne(profile_id: string, forever = false): Promise<boolean> {
    return this.#kept(() => this.connection.call('profile.delete', { profile_id, forever }));
  }

  bringBack(profile_id: string): Promise<boolean> {
    return this.#kept(() => this.connection.call('profile.restore', { profile_id }));
  }

  /** After a profile was converted or made: the page that stands here may be of the old one. */
  goOn(): void {
    this.startAnew();
  }

  async #made(asking: () => Promise<ProfileMade>): Promise<ProfileMade | null> {
    const made = await this.#do(asking);
    this.converting = null;
    if (made) this.value = made.profiles;
    return made;
  }

  async #kept(asking: () => Promise<Profiles>): Promise<boolean> {
    const profiles = await this.#do(asking);
    if (profiles) this.value = profiles;
    return profiles !== null;
  }

  async #do<T>(asking: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = null;
    try {
      return await asking();
    } catch (error) {
      this.problem = problemOf(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
