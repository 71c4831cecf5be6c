/** The demo's library and house rules: kept in memory, where nothing can be exchanged by git. */
import { CallFailed, pageProblem } from './bridge';
import { STOCK } from './demo.stock';
import type {
  AnyEvent,
  Contents,
  GitStatus,
  LibraryEntry,
  LibraryHit,
  LibraryKind,
  LibraryList,
  LibraryTrashed,
  MethodName,
  Methods,
  Room,
  RoomView,
  Rules,
  Stage,
} from './protocol.gen';

type LibraryMethod = Extract<
  MethodName,
  `library.${string}` | `rules.${string}` | 'room.from_preset'
>;

export type LibraryHandlers = {
  [M in LibraryMethod]: (params: Methods[M]['params']) => Methods[M]['result'];
};

/** What the library needs of the rooms. */
export interface Rooms {
  stage: (roomId: string) => Stage;
  restage: (roomId: string, stage: Stage) => Room;
  /** A new room with this stage. */
  lay: (title: string, stage: Stage) => RoomView;
  emit: (...events: AnyEvent[]) => void;
}

interface Held {
  entry: LibraryEntry;
  contents: Contents;
}

const SAMPLE = '인물은 아는 것만 말한다.';

const NO_GIT: GitStatus = {
  state: 'no_git',
  branch: '',
  upstream: '',
  remote: false,
  ahead: 0,
  behind: 0,
  changed: [],
  detail: '',
};

const lost = (): CallFailed => new CallFailed(pageProblem('not_found'));
const unfit = (field: string): CallFailed =>
  new CallFailed(pageProblem('invalid_request', { field }));

export function libraryHandlers(rooms: Rooms): LibraryHandlers {
  let count = 0;
  const held: Held[] = [];
  const trash: (Held & { told: LibraryTrashed })[] = [];
  let rules: Rules = { text: SAMPLE, stamp: '', own: false };
  const stamp = (): string => `stamp-${++count}`;

  const list = (): LibraryList => ({
    state: 'ready',
    folder: '/demo/library',
    usual: true,
    entries: held.map(({ entry }) => entry),
    trash: trash.map(({ told }) => told),
  });
  const changed = (): void => rooms.emit({ type: 'library_changed', library: list() });
  const find = (kind: LibraryKind, file: string, origin = 'mine'): Held => {
    const found = held.find(
      ({ entry }) => entry.kind === kind && entry.file === file && entry.origin === origin,
    );
    if (!found) throw lost();
    return found;
  };
  /** A file name nobody has yet: the name, and a number if it must be. */
  const fileFor = (kind: LibraryKind, name: string): string => {
    const taken = new Set(held.filter(({ entry }) => entry.kind === kind).map((e) => e.entry.file));
    let file = name;
    for (let next = 2; taken.has(file); next += 1) file = `${name} (${next})`;
    return file;
  };
  const make = (
    kind: LibraryKind,
    name: string,
    contents: Contents,
    origin: LibraryEntry['origin'] = 'mine',
  ): LibraryEntry => {
    const entry: LibraryEntry = {
      kind,
      origin,
      file: fileFor(kind, name),
      name,
      modified: Date.now(),
      size: JSON.stringify(contents).length,
      stamp: stamp(),
      problem: null,
      picture: '',
    };
    held.push({ entry, contents });
    return entry;
  };
  for (const { kind, name, contents, origin } of STOCK) make(kind, name, contents, origin);

  return {
    'library.list': list,
    'library.read': ({ kind, origin, file }) => ({ ...find(kind, file, origin), unread: [] }),
    'library.save': ({ kind, name, contents, origin, file, stamp: read }) => {
      const before = file ? find(kind, file, origin) : undefined;
      const outcome =
        before?.entry.origin === 'shipped'
          ? 'copied'
          : before && read && before.entry.stamp !== read
            ? 'kept_beside'
            : 'saved';
      if (before && outcome === 'saved') {
        before.contents = contents;
        before.entry = {
          ...before.entry,
          modified: Date.now(),
          size: JSON.stringify(contents).length,
          stamp: stamp(),
        };
      }
      const entry = before && outcome === 'saved' ? before.entry : make(kind, name, contents);
      changed();
      return { entry, outcome };
    },
    'library.rename': ({ kind, file, name }) => {
      const found = find(kind, file);
      found.entry = { ...found.entry, name, file: fileFor(kind, name), stamp: stamp() };
      changed();
      return found.entry;
    },
    'library.delete': ({ kind, origin, file }) => {
      if (origin === 'shipped') throw unfit('origin');
      const found = find(kind, file);
      held.splice(held.indexOf(found), 1);
      const told = { id: `trash-${++count}`, kind, name: found.entry.name, deleted_at: Date.now() };
      trash.push({ ...found, told });
      changed();
      return told;
    },
    'library.restore': ({ id }) => {
      const at = trash.findIndex(({ told }) => told.id === id);
      const [found] = at < 0 ? [] : trash.splice(at, 1);
      if (!found) throw lost();
      const entry = make(found.entry.kind, found.entry.name, found.contents);
      changed();
      return entry;
    },
    'library.apply': ({ room_id, kind, origin, file, part = 'whole', character_id, replaces }) => {
      const { contents } = find(kind, file, origin);
      const stage = rooms.stage(room_id);
      return {
        room: rooms.restage(room_id, {
          ...stage,
          ...taken(stage, kind, contents, part, character_id, replaces),
        }),
      };
    },
    'library.keep': ({ room_id, part, name, character_id }) => {
      const entry = make(...kept(rooms.stage(room_id), part, character_id, name));
      changed();
      return { entry, outcome: 'saved' };
    },
    'library.find': ({ text, limit = 30 }) => {
      const hits = text.trim() ? held.flatMap((one) => hitsIn(one, text.trim())) : [];
      return { hits: hits.slice(0, limit), more: hits.length > limit };
    },
    'room.from_preset': ({ title, origin, file }) => {
      const { contents } = find('preset', file, origin);
      if (contents.type !== 'stage') throw unfit('file');
      return rooms.lay(title, contents.stage);
    },
    'library.choose_folder': list,
    'library.usual_folder': list,
    'library.git_status': () => NO_GIT,
    'library.git_init': () => NO_GIT,
    'library.git_sync': () => ({
      outcome: 'not_ready',
      status: NO_GIT,
      committed: 0,
      received: 0,
      sent: 0,
      conflicts: [],
      detail: '',
    }),
    'rules.read': () => rules,
    'rules.save': ({ text }) => {
      rules =
        text === null
          ? { text: SAMPLE, stamp: '', own: false }
          : { text, stamp: stamp(), own: true };
      return { rules, kept: '' };
    },
  };
}

/** Plain words, as they stand, in an entry and in each piece of its lore. */
function hitsIn({ entry, contents }: Held, words: string): LibraryHit[] {
  const pieces = [
    { id: '', title: entry.name, text: contents.type === 'text' ? contents.text : '' },
  ];
  if (contents.type === 'lore')
    for (const { id, name, keys, content } of contents.book.entries)
      pieces.push({ id, title: name, text: [keys.join(', '), content].join('\n') });
  return pieces.flatMap(({ id, title, text }) => {
    const inside = text.includes(words) ? text : title;
    const at = inside.indexOf(words);
    if (at < 0) return [];
    const from = [...inside.slice(0, at)].length;
    const start = Math.max(0, from - 40);
    const excerpt = [...inside].slice(start, start + 160).join('');
    const spans: [number, number][] = [[from - start, from - start + [...words].length]];
    return [{ entry, lore_id: id, title, excerpt, spans }];
  });
}

/** What of an entry goes onto a stage. */
function taken(
  stage: Stage,
  kind: LibraryKind,
  contents: Contents,
  part: NonNullable<Methods['library.apply']['params']['part']>,
  id?: string,
  replaces?: string,
): Partial<Stage> {
  const seat = (person: Stage['characters'][number]): Partial<Stage> => ({
    characters: stage.characters.some((each) => each.id === replaces)
      ? stage.characters.map((each) => (each.id === replaces ? person : each))
      : [...stage.characters.filter((each) => each.id !== person.id), person],
  });
  if (contents.type === 'text')
    return kind === 'situation' ? { situation: contents.text } : { world: contents.text };
  if (contents.type === 'persona') return { me: contents.persona };
  if (contents.type === 'character') return seat(contents.character);
  if (contents.type === 'lore') throw unfit('kind');
  if (part === 'whole') return contents.stage;
  if (part !== 'character') return { [part]: contents.stage[part] };
  const person = contents.stage.characters.find((each) => each.id === id);
  if (!person) throw lost();
  return seat(person);
}

/** What of a stage becomes an entry, and of which kind. */
function kept(
  stage: Stage,
  part: Methods['library.keep']['params']['part'],
  id: string | undefined,
  name: string,
): [kind: LibraryKind, name: string, contents: Contents] {
  if (part === 'world' || part === 'situation')
    return [part, name, { type: 'text', text: stage[part] }];
  if (part === 'me') return ['my_character', name, { type: 'persona', persona: stage.me }];
  if (part === 'stage') return ['preset', name, { type: 'stage', stage }];
  const character = stage.characters.find((each) => each.id === id);
  if (!character) throw lost();
  return ['character_template', name, { type: 'character', character }];
}
