/** Profiles of the demo: nothing is encrypted, but every way to a door and through it is there. */
import { CallFailed, pageProblem } from './bridge';
import type { Methods, MethodName, Profile, ProfileMade, Profiles } from './protocol.gen';

type ProfileMethod = Extract<MethodName, `profile.${string}`>;
type Handlers = {
  [M in ProfileMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

const CODE = 'K7QM-3XWP-VDRA-9HTN-E2YC-6JBF-UG4S';
const RIGHT = 'lamplight';

export class DemoProfiles {
  open: boolean;
  #current = 'first';
  #wrong = 0;
  #remembered = false;
  #passwords = new Map<string, string>();
  #rows: Profile[];

  constructor(locked: boolean) {
    this.open = !locked;
    const made = { created_at: 0, deleted_at: null };
    this.#rows = [
      { ...made, id: 'first', label: '하나', number: 1, locked },
      { ...made, id: '0b', label: '윤호', number: 2, locked: true },
      { ...made, id: '0c', label: '', number: 3, locked: false },
    ];
    for (const { id } of this.#rows) this.#passwords.set(id, RIGHT);
  }

  seen(): Profiles {
    return {
      current: this.#current,
      open: this.open,
      remembered: this.#remembered,
      damaged: false,
      profiles: this.#rows.map((row) => ({ ...row })),
    };
  }

  row(id: string): Profile {
    const found = this.#rows.find((each) => each.id === id);
    if (!found) throw new CallFailed(pageProblem('not_found'));
    return found;
  }

  get mine(): Profile {
    return this.row(this.#current);
  }

  made(profile_id: string, recovery = CODE): ProfileMade {
    return { profiles: this.seen(), profile_id, recovery };
  }

  add(label: string, password: string | null | undefined): string {
    const id = `0d${this.#rows.length}`;
    this.#rows.push({
      id,
      label,
      number: this.#rows.length + 1,
      locked: typeof password === 'string',
      created_at: Date.now(),
      deleted_at: null,
    });
    if (password) this.#passwords.set(id, password);
    return id;
  }

  /** Like the program: three tries, then a pause. */
  check(id: string, password: string): void {
    const found = this.#rows.find((each) => each.id === id && each.locked);
    if (found && (this.#passwords.get(id) === password || password === CODE)) {
      this.#wrong = 0;
      return;
    }
    this.#wrong += 1;
    const left = Math.max(0, 3 - this.#wrong);
    throw new CallFailed(
      pageProblem('wrong_password', {
        detail: String(left),
        retry_at: left ? null : Date.now() + 5_000,
      }),
    );
  }

  show(id: string, opened: boolean): void {
    this.row(id);
    this.#current = id;
    this.open = opened;
  }

  give(id: string, password: string): void {
    this.#passwords.set(id, password);
  }

  remember(on: boolean): void {
    this.#remembered = on;
  }

  forget(id: string): void {
    this.#rows = this.#rows.filter((each) => each.id !== id);
  }
}

/** `at` is asked late: the handlers are made before the demo has its profiles. */
export function profileHandlers(at: () => DemoProfiles): Handlers {
  return {
    'profile.list': () => at().seen(),
    'profile.create': ({ label = '', password }) => {
      const id = at().add(label, password);
      return at().made(id, password ? CODE : '');
    },
    'profile.rename': ({ profile_id, label }) => {
      at().row(profile_id).label = label;
      return at().seen();
    },
    'profile.delete': ({ profile_id, forever }) => {
      if (forever) at().forget(profile_id);
      else at().row(profile_id).deleted_at = Date.now();
      return at().seen();
    },
    'profile.restore': ({ profile_id }) => {
      at().row(profile_id).deleted_at = null;
      return at().seen();
    },
    'profile.open': ({ profile_id, password, recovery, remember }) => {
      const words = recovery ?? password;
      if (words) at().check(profile_id, words);
      at().show(profile_id, Boolean(words) || !at().row(profile_id).locked);
      if (words && remember) at().remember(true);
      return at().seen();
    },
    'profile.lock': () => {
      at().show(at().mine.id, false);
      return at().seen();
    },
    'profile.protect': ({ password, remember = false }) => {
      at().mine.locked = true;
      at().give(at().mine.id, password);
      at().remember(remember);
      return at().made(at().mine.id);
    },
    'profile.unprotect': ({ password }) => {
      at().check(at().mine.id, password);
      at().mine.locked = false;
      return at().seen();
    },
    'profile.password': ({ password, fresh }) => {
      at().check(at().mine.id, password);
      at().give(at().mine.id, fresh);
      return at().seen();
    },
    'profile.recovery': ({ password }) => {
      at().check(at().mine.id, password);
      return at().made(at().mine.id);
    },
    'profile.remember': ({ remember }) => {
      at().remember(remember);
      return at().seen();
    },
  };
}
