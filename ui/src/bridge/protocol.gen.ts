// Written by build/generate_protocol.py from desktop/protocol. Do not edit:
// change the Python and run `python3 build/dev.py generate`.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = number;

/** A length of time in milliseconds. */
export type DurationMs = number;

/** `installed`: found, but whether it is signed in can only be learnt by using it. */
export type ProviderState =
  | "ready"
  | "installed"
  | "signed_out"
  | "not_installed"
  | "unsafe"
  | "checking";

export type TurnNote = "retrying" | "discarded" | "tool_blocked" | "thinking" | "waiting";

/** A uuid4 without dashes, or a fixed name of our own such as `me`. */
export type Id = string;

export type Language = "ko" | "en" | "ja";

export type Name = string;

export type Prose = string;

/** An id, or empty for nobody. */
export type MaybeId = string;

export type Line = string;

export type NarratorKind = "ai" | "me" | "none";

/** How much is narrated; who moves the story is the drive. */
export type NarratorLevel = "active" | "moderate" | "passive";

/**
 * `describe`: only tells what follows; `guide`: sets something in the way and leaves the next
 * step to me; `direct`: moves the story itself, so it offers no choices.
 */
export type Drive = "describe" | "guide" | "direct";

/** The two chats have no narration of the AI's; one to one seats the first enabled character. */
export type Conversation = "table" | "group_chat" | "one_to_one_chat" | "one_to_one_scene";

export type Output = "less" | "normal" | "more";

export type Pace = "slow" | "normal" | "fast";

/** The twelve character colours in the order in which they are handed out. */
export type Dye =
  | "jjok"
  | "chija"
  | "jadu"
  | "iki"
  | "doraji"
  | "mulsae"
  | "gam"
  | "sol"
  | "seokryu"
  | "olive"
  | "bidulgi"
  | "pat";

export type AuthorKind = "user" | "character" | "narrator" | "note";

/**
 * `partial`: the answer was cut off; `stopped`: the person stopped it;
 * `failed`: the provider failed after some text had come.
 */
export type MessageStatus = "streaming" | "complete" | "partial" | "stopped" | "failed";

export type UsageSource = "reported" | "estimated" | "none";

/** `interrupted`: the program ended while the answer was coming. */
export type TurnOutcome = "running" | "complete" | "stopped" | "failed" | "interrupted";

export type ProblemCode =
  | "not_installed"
  | "signed_out"
  | "key_refused"
  | "quota"
  | "overloaded"
  | "network"
  | "timed_out"
  | "cut_off"
  | "bad_model"
  | "too_long"
  | "refused"
  | "crashed"
  | "unreadable"
  | "unsafe_setup"
  | "invalid_request"
  | "not_found"
  | "busy"
  | "nothing_to_say"
  | "storage_full"
  | "storage_failed"
  | "newer_data"
  | "bug";

/** The one action the page offers first. */
export type WayOn =
  | "retry"
  | "install"
  | "sign_in"
  | "change_model"
  | "change_provider"
  | "wait"
  | "shorten"
  | "none";

export type Theme = "system" | "light" | "dark";

export type ReplyTimeout = number;

/** A model the person may choose; `id` goes to the provider as it is. */
export interface Model {
  id: string;
  label: string;
  context_window: number | null;
}

/** One row of the catalogue, as far as the page needs it. */
export interface Capabilities {
  streams_tokens: boolean;
  reports_usage: boolean;
  reports_cost: boolean;
  /** Can go on with a conversation it holds itself. */
  keeps_session: boolean;
  /** Not an AI: scripted text for trying the table out. The page must say so. */
  is_practice: boolean;
  /** Takes model names that are not in the list. */
  any_model: boolean;
}

/** One way to an AI. */
export interface Provider {
  id: string;
  label: string;
  capabilities: Capabilities;
  models: Model[];
  install_command: string;
  sign_in_command: string;
}

/** How a provider stands here and now. */
export interface ProviderStatus {
  id: string;
  state: ProviderState;
  path: string;
  version: string;
  /** How it is signed in, never a secret: for example `subscription` or `api key`. */
  account: string;
  problem: Problem | null;
  checked_at: UtcMs;
}

/** A room was created, renamed, restaged, trashed or restored. */
export interface RoomChanged {
  type: "room_changed";
  room: Room;
}

export interface TurnStarted {
  type: "turn_started";
  turn: Turn;
}

/** A message appeared: mine complete, a speaker's with its first visible text. */
export interface MessageAdded {
  type: "message_added";
  message: Message;
}

/** Text was appended to a streaming message. */
export interface MessageGrew {
  type: "message_grew";
  message_id: string;
  text: string;
}

/** The message as it is now stored; replaces what was streamed. */
export interface MessageChanged {
  type: "message_changed";
  message: Message;
}

/** The provider took text back, or the message was empty after all. */
export interface MessageRemoved {
  type: "message_removed";
  room_id: string;
  message_id: string;
}

/** Something worth showing happened that is no text. */
export interface TurnNoted {
  type: "turn_noted";
  turn_id: string;
  room_id: string;
  note: TurnNote;
  attempt: number;
  wait_ms: DurationMs | null;
  detail: string;
}

/** The turn with its outcome, usage and problem; its messages have been changed before. */
export interface TurnEnded {
  type: "turn_ended";
  turn: Turn;
  room: Room;
}

export interface ProviderChecked {
  type: "provider_checked";
  status: ProviderStatus;
}

export interface SettingsChanged {
  type: "settings_changed";
  settings: Settings;
}

/** Something went wrong outside any call. */
export interface ProblemRaised {
  type: "problem_raised";
  problem: Problem;
}

/** One push to the page. `last` is the sequence number of the last event in it. */
export interface Batch {
  last: number;
  events: AnyEvent[];
}

/** No parameters, or nothing to say back. */
export type Nothing = Record<string, never>;

export interface RoomParams {
  room_id: Id;
}

/** A room with its newest messages, oldest first. */
export interface RoomView {
  room: Room;
  messages: Message[];
  has_more: boolean;
  running: Turn | null;
  /** The newest ended turn, with its problem and usage if it has any. */
  last_turn: Turn | null;
  /** Events up to this number are already in it. */
  sequence: number;
}

export interface OpenParams {
  /** The page's guess from the system, used on the very first start only. */
  language?: Language | null;
}

/** Everything the first frame needs. Events up to `sequence` are already in it. */
export interface Opened {
  version: string;
  sequence: number;
  settings: Settings;
  rooms: Room[];
  room: RoomView | null;
  providers: Provider[];
  statuses: ProviderStatus[];
  /** `linux`, `windows` or `macos`: which key names to show. */
  platform: string;
  first_start: boolean;
  now: UtcMs;
}

export interface RoomCreateParams {
  title: Name;
  language?: Language;
}

export interface RoomRenameParams {
  room_id: Id;
  title: string;
}

export interface StageParams {
  room_id: Id;
  stage: Stage;
}

export interface DraftParams {
  room_id: Id;
  text: Prose;
}

export interface PageParams {
  room_id: Id;
  /** Positions smaller than this, counted over the whole path of the current branch. */
  before: number;
  limit?: number;
}

export interface MessagePage {
  messages: Message[];
  has_more: boolean;
}

export interface BookParams {
  room_id: Id;
}

export interface SendParams {
  room_id: Id;
  text: string;
  /** Spoken as the narrator, where the person plays that part. */
  as_narrator?: boolean;
}

/** My message as it was stored, and the turn that now runs. */
export interface Sent {
  message: Message | null;
  turn: Turn;
}

export interface TurnParams {
  turn_id: Id;
}

export interface CheckParams {
  /** All of them when left out. */
  provider_id?: Id | null;
}

export interface SettingsParams {
  settings: Settings;
}

/** An error the page met and could not handle. */
export interface ReportParams {
  message: Line;
  stack?: string;
}

export interface Reported {
  log_id: string;
}

/** What comes back: exactly one of the two is set. */
export interface Answer {
  result: unknown;
  problem: Problem | null;
}

/** My character: who the person at the keyboard plays. */
export interface Persona {
  name: Name;
  description: Prose;
}

/** Who tells what happens between the lines, and how much. */
export interface Narrator {
  kind: NarratorKind;
  level: NarratorLevel;
  drive: Drive;
  description: Prose;
}

/** What somebody is to a character. */
export interface Relation {
  /** A character's id, `me` for my character, empty for somebody who is not at the table. */
  to: MaybeId;
  text: Line;
}

/** What a character keeps from others. */
export interface Secret {
  text: Prose;
  /** Ids of those who know it beside its owner; `me` stands for my character. */
  known_by: Id[];
}

/** One person the AI plays. Only the name is required. */
export interface Character {
  id: Id;
  name: string;
  aliases: Name[];
  line: Line;
  description: Prose;
  speech: Prose;
  /** Lines as this character would say them. */
  examples: Line[];
  relations: Relation[];
  secrets: Secret[];
  dye: Dye;
  enabled: boolean;
}

/** Everything a room is set up with; the prompt is made from this and the talk. */
export interface Stage {
  language: Language;
  world: Prose;
  situation: Prose;
  me: Persona;
  narrator: Narrator;
  characters: Character[];
  provider: Id;
  /** Empty means the provider's own default. */
  model: Name;
  /** How many turns back the AI sees; `None` is all of them. */
  window: number | null;
  retention: boolean;
  conversation: Conversation;
  /** How many ways on every answer ends with; `None` offers none. */
  choices: number | null;
  output: Output;
  pace: Pace;
  /** Speech, `*sounds*` and narration each stand on lines of their own. */
  separation: boolean;
}

/** One table with its own story. */
export interface Room {
  id: Id;
  title: Name;
  stage: Stage;
  branch_id: Id;
  message_count: number;
  /** The start of the newest message, for lists; at most 200 characters. */
  last_line: string;
  /** What was typed here and not sent yet. */
  draft: string;
  created_at: UtcMs;
  updated_at: UtcMs;
  trashed_at: UtcMs | null;
}

/** Who speaks, by name as it was spoken. */
export interface Author {
  kind: AuthorKind;
  name: string;
  /** A character's id; empty for everyone else and for names nobody at the table has. */
  id: string;
  /** The colour at the time of speaking; empty for the person, the narrator, strangers. */
  dye: string;
}

/** What one speaker said once. A reply of three characters is three messages. */
export interface Message {
  id: Id;
  room_id: Id;
  branch_id: Id;
  /** Counts from 1 along the path from the room's first message, across forks. */
  position: number;
  turn_id: string;
  author: Author;
  text: string;
  status: MessageStatus;
  created_at: UtcMs;
}

/**
 * Tokens of one turn, the same shape for every provider.
 *
 * `input` is only what was neither read from nor written to a cache.
 */
export interface Usage {
  input: number;
  cache_read: number;
  cache_write: number;
  output: number;
  reasoning: number;
  cost_usd: number | null;
  context_window: number | null;
  source: UsageSource;
}

/** One answer of one provider. */
export interface Turn {
  id: Id;
  room_id: Id;
  provider: string;
  model: string;
  outcome: TurnOutcome;
  problem: Problem | null;
  usage: Usage;
  first_text_ms: DurationMs | null;
  total_ms: DurationMs | null;
  started_at: UtcMs;
}

/** What went wrong, in fields the page can put into words of its own language. */
export interface Problem {
  code: ProblemCode;
  provider: string;
  ways_on: WayOn[];
  /** What the provider said itself, cleaned and cut to 500 characters; may be empty. */
  detail: string;
  /** The path of the parameter that was refused. */
  field: string;
  waited_ms: DurationMs | null;
  /** When the provider says a limit is lifted. */
  retry_at: UtcMs | null;
  exit_code: number | null;
  /** Names the lines in the log that belong to this problem. */
  log_id: string;
}

/** The frame as the person left it, in CSS pixels. */
export interface Panes {
  stage_open: boolean;
  book_open: boolean;
  stage_width: number | null;
  book_width: number | null;
}

/** Everything the person may set for the whole program. */
export interface Settings {
  language: Language;
  theme: Theme;
  enter_sends: boolean;
  /** How long an AI may stay silent before its first word. */
  first_text_timeout_s: ReplyTimeout;
  /** How long an AI may stay silent between two pieces of text. */
  idle_timeout_s: ReplyTimeout;
  turn_timeout_s: number;
  /** Where the person says a CLI is, by provider id. */
  provider_paths: Record<string, string>;
  panes: Panes;
  book_style: "novel" | "markdown";
}

export type AnyEvent =
  | RoomChanged
  | TurnStarted
  | MessageAdded
  | MessageGrew
  | MessageChanged
  | MessageRemoved
  | TurnNoted
  | TurnEnded
  | ProviderChecked
  | SettingsChanged
  | ProblemRaised;

export type EventType = AnyEvent["type"];

/** What the page may ask for. */
export interface Methods {
  "app.open": { params: OpenParams; result: Opened };
  "app.report": { params: ReportParams; result: Reported };
  "room.open": { params: RoomParams; result: RoomView };
  "room.create": { params: RoomCreateParams; result: RoomView };
  "room.rename": { params: RoomRenameParams; result: Room };
  "room.trash": { params: RoomParams; result: Room };
  "room.restore": { params: RoomParams; result: Room };
  "room.stage": { params: StageParams; result: Room };
  "room.draft": { params: DraftParams; result: Nothing };
  "message.page": { params: PageParams; result: MessagePage };
  "turn.send": { params: SendParams; result: Sent };
  "turn.again": { params: RoomParams; result: Sent };
  "turn.stop": { params: TurnParams; result: Nothing };
  "provider.check": { params: CheckParams; result: Nothing };
  "settings.change": { params: SettingsParams; result: Settings };
}

export type MethodName = keyof Methods;

export const DEFAULT_STAGE: Stage = {
  language: "ko",
  world: "",
  situation: "",
  me: { name: "", description: "" },
  narrator: { kind: "ai", level: "moderate", drive: "guide", description: "" },
  characters: [],
  provider: "storyteller",
  model: "",
  window: 30,
  retention: false,
  conversation: "table",
  choices: null,
  output: "normal",
  pace: "normal",
  separation: false,
};

export const DEFAULT_SETTINGS: Settings = {
  language: "ko",
  theme: "system",
  enter_sends: true,
  first_text_timeout_s: 60,
  idle_timeout_s: 30,
  turn_timeout_s: 600,
  provider_paths: {},
  panes: { stage_open: true, book_open: true, stage_width: null, book_width: null },
  book_style: "novel",
};

/** Limits the program checks, by struct and field. */
export const BOUNDS = {
  "RoomCreateParams.title": { maxLength: 200 },
  "RoomRenameParams.title": { minLength: 1, maxLength: 200 },
  "DraftParams.text": { maxLength: 200000 },
  "PageParams.limit": { min: 1, max: 200 },
  "SendParams.text": { minLength: 1, maxLength: 100000 },
  "CheckParams.provider_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "ReportParams.message": { maxLength: 2000 },
  "ReportParams.stack": { maxLength: 20000 },
  "Persona.name": { maxLength: 200 },
  "Persona.description": { maxLength: 200000 },
  "Narrator.description": { maxLength: 200000 },
  "Relation.to": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "Relation.text": { maxLength: 2000 },
  "Secret.text": { maxLength: 200000 },
  "Secret.known_by": { maxLength: 65 },
  "Character.name": { minLength: 1, maxLength: 200 },
  "Character.line": { maxLength: 2000 },
  "Character.description": { maxLength: 200000 },
  "Character.speech": { maxLength: 200000 },
  "Character.examples": { maxLength: 40 },
  "Character.relations": { maxLength: 65 },
  "Character.secrets": { maxLength: 40 },
  "Stage.world": { maxLength: 200000 },
  "Stage.situation": { maxLength: 200000 },
  "Stage.characters": { maxLength: 64 },
  "Stage.model": { maxLength: 200 },
  "Stage.window": { min: 5, max: 1000 },
  "Stage.choices": { min: 2, max: 5 },
  "Room.title": { maxLength: 200 },
  "Panes.stage_width": { min: 240, max: 600 },
  "Panes.book_width": { min: 300, max: 900 },
  "Settings.first_text_timeout_s": { min: 5, max: 600 },
  "Settings.idle_timeout_s": { min: 5, max: 600 },
  "Settings.turn_timeout_s": { min: 30, max: 3600 },
} as const;
