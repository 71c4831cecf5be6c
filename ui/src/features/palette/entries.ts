/** What the palette offers for what was typed: commands, people, rooms. */
import type { Character, LibraryHit, Room, SearchHit } from '../../bridge/protocol.gen';
import { score } from '../../text/fuzzy';

export type Scope = 'all' | 'commands' | 'people' | 'library';

export interface Command {
  id: string;
  label: string;
  keys?: string;
  act: () => void;
}

export type Entry =
  | { kind: 'room'; id: string; label: string; room: Room }
  | { kind: 'person'; id: string; label: string; person: Character }
  | { kind: 'line'; id: string; label: string; hit: SearchHit }
  | { kind: 'kept'; id: string; label: string; hit: LibraryHit }
  | { kind: 'command'; id: string; label: string; command: Command };

/** `>` asks for commands only, `@` for people only, `#` for the library and its lore only. */
export function scopeOf(typed: string): { scope: Scope; words: string } {
  const text = typed.trimStart();
  if (text.startsWith('>')) return { scope: 'commands', words: text.slice(1).trim() };
  if (text.startsWith('@')) return { scope: 'people', words: text.slice(1).trim() };
  if (text.startsWith('#')) return { scope: 'library', words: text.slice(1).trim() };
  return { scope: 'all', words: text.trim() };
}

const MOST_OF_A_KIND = 8;

function best<T extends Entry>(all: T[], words: string, names: (entry: T) => string[]): T[] {
  return all
    .map((entry) => ({ entry, fit: Math.max(...names(entry).map((name) => score(name, words))) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .slice(0, MOST_OF_A_KIND)
    .map(({ entry }) => entry);
}

export function entries(
  typed: string,
  has: { rooms: Room[]; people: Character[]; commands: Command[]; untitled: string },
): Entry[] {
  const { scope, words } = scopeOf(typed);
  if (scope === 'library') return [];
  const rooms = has.rooms.map((room) => ({
    kind: 'room' as const,
    id: `room-${room.id}`,
    label: room.title || has.untitled,
    room,
  }));
  const people = has.people.map((person) => ({
    kind: 'person' as const,
    id: `person-${person.id}`,
    label: person.name,
    person,
  }));
  const commands = has.commands.map((command) => ({
    kind: 'command' as const,
    id: `command-${command.id}`,
    label: command.label,
    command,
  }));
  return [
    ...(scope === 'all' ? best(rooms, words, (each) => [each.label]) : []),
    ...(scope === 'commands'
      ? []
      : best(people, words, ({ person }) => [person.name, ...person.aliases])),
    ...(scope === 'people' ? [] : best(commands, words, (each) => [each.label])),
  ];
}
