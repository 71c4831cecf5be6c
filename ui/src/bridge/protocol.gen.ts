// Written by build/generate_protocol.py from desktop/protocol. Do not edit:
// change the Python and run `python3 build/dev.py generate`.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = number;

/** A length of time in milliseconds. */
export type DurationMs = number;

export type TakesKey = "no" | "may" | "must";

/**
 * `plan`: what the person's sign-in with the vendor gives; `tokens`: billed by the vendor for
 * each; `own_machine`: a model that runs here or near, free but for the power.
 */
export type Cost = "nothing" | "plan" | "tokens" | "own_machine" | "unknown";

/** `installed`: found, but whether it is signed in can only be learnt by using it. */
export type ProviderState =
  | "ready"
  | "installed"
  | "signed_out"
  | "not_installed"
  | "unsafe"
  | "checking";

/** `session`: kept in memory until the program ends. */
export type KeyPlace = "none" | "keyring" | "session";

/** `endless`: a die that would be thrown again for ever; `no_contest`: not two checks. */
export type DiceProblemCode =
  | "empty"
  | "too_long"
  | "too_deep"
  | "too_large"
  | "too_many_dice"
  | "too_many_sides"
  | "too_many_repeats"
  | "no_sides"
  | "no_dice"
  | "no_choice"
  | "endless"
  | "twice"
  | "unexpected"
  | "unfinished"
  | "divided_by_zero"
  | "bonus_out_of_range"
  | "advantage_of_one_die"
  | "no_contest";

/** `special` is Call of Cthulhu's sixth edition, `partial` one of two in a combined roll. */
export type Grade =
  | "critical"
  | "extreme"
  | "hard"
  | "regular"
  | "special"
  | "success"
  | "partial"
  | "failure"
  | "fumble"
  | "automatic_success"
  | "automatic_failure";

export type DiceSystem =
  | "sum"
  | "pool"
  | "coc7"
  | "coc6"
  | "combined7"
  | "combined6"
  | "resistance"
  | "sanity"
  | "choice";

export type Difficulty = "" | "regular" | "hard" | "extreme" | "critical";

export type Contest = "" | "first" | "second" | "tie" | "neither";

export type DiceHash = string;

/** What a person did in a room and may undo. */
export type ActCode =
  | "edit"
  | "delete"
  | "delete_below"
  | "hide"
  | "show"
  | "switch"
  | "again"
  | "continue"
  | "fork"
  | "go"
  | "back"
  | "branch_name"
  | "branch_delete"
  | "slot_save"
  | "slot_name"
  | "slot_delete"
  | "clear"
  | "stage"
  | "rename";

export type TurnNote = "retrying" | "discarded" | "tool_blocked" | "thinking" | "waiting";

/** A uuid4 without dashes, or a fixed name of our own such as `me`. */
export type Id = string;

export type Language = "ko" | "en" | "ja";

export type Line = string;

export type Name = string;

export type Prose = string;

export type RoomShelf = "active" | "archived" | "trashed";

/** An id, or empty for nobody. */
export type MaybeId = string;

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
  | "no_keyring"
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

/**
 * `alternative`: another answer or another end; `slot`: begun by the person on purpose;
 * `fresh`: the conversation begun anew.
 */
export type BranchKind = "main" | "alternative" | "slot" | "fresh";

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
  /** A program on this machine; the person may say where it is. */
  takes_path: boolean;
  takes_key: TakesKey;
  /** A server whose address and model the person may set. */
  takes_address: boolean;
  /** `provider.models` asks it and costs nothing. */
  lists_models: boolean;
  cost: Cost;
  /** How it stands may be asked every few seconds: the question stays on this machine or near. */
  rechecks: boolean;
}

/** One way to an AI. */
export interface Provider {
  id: string;
  label: string;
  capabilities: Capabilities;
  models: Model[];
  install_command: string;
  sign_in_command: string;
  /** Where a key or the program comes from; shown and copied, never opened by itself. */
  vendor_page: string;
  /** Where a server is asked; empty for what is no server. */
  base_url: string;
  /** Added by the person, who may take it away again. */
  is_own: boolean;
}

/** How a provider stands here and now. */
export interface ProviderStatus {
  id: string;
  state: ProviderState;
  path: string;
  version: string;
  /** How it is signed in, never a secret: for example `subscription` or `api key`. */
  account: string;
  /** Where its key is kept: all that is ever told about a key. */
  key: KeyPlace;
  problem: Problem | null;
  checked_at: UtcMs;
}

/** Why a formula cannot be rolled. */
export interface DiceProblem {
  code: DiceProblemCode;
  /** Character of the formula as typed, counted from 0, at which reading stopped. */
  position: number;
}

/** One die that fell once. */
export interface Face {
  sides: number;
  /** 1 to `sides`, as chance gave it. */
  rolled: number;
  /** What it counts for: -1 to 1 on a Fate die, 0 to 9 or 0 to 90 on percentile dice. */
  value: number;
  kept: boolean;
  /** It was thrown because the die before it showed its highest face. */
  exploded: boolean;
  /** It did not count and was thrown again; the next face is the new throw. */
  rerolled: boolean;
}

/** The faces of one term, in the order in which they fell. */
export interface DiceGroup {
  notation: string;
  faces: Face[];
  total: number;
}

/** What one throw came to. */
export interface Outcome {
  system: DiceSystem;
  groups: DiceGroup[];
  /** The sum; in a pool the number of dice that met the target; in a check the percentile. */
  total: number;
  target: number | null;
  comparison: string;
  /** Dice that met the target, where a bare handful was compared. */
  successes: number | null;
  passed: boolean | null;
  grade: Grade | "";
  /** Of each of the two targets of a combined roll. */
  grades: Grade[];
  /** With bonus or penalty dice every percentile there was to choose from. */
  totals: number[];
  /** Bonus dice, negative for penalty dice. */
  bonus: number;
  difficulty: Difficulty;
  /** Sanity lost. */
  loss: number | null;
  /** Sanity left. */
  left: number | null;
  picked: string;
}

/** A formula and everything that fell for it. */
export interface Roll {
  /** As it was typed. */
  formula: string;
  /** The same throw in one spelling; rolling it with the same faces gives the same outcomes. */
  normalised: string;
  /** What it was rolled for, as typed behind the formula or after `#`. */
  label: string;
  secret: boolean;
  /** One; several if it was repeated, two if two checks oppose each other. */
  outcomes: Outcome[];
  contest: Contest;
}

/** A roll in the chain of its room: the hash covers the roll and the hash before it. */
export interface SealedRoll {
  id: string;
  roll: Roll;
  time: UtcMs;
  hash: DiceHash;
}

/** A roll that a text asks for, such as `[[판정: 관찰력 CC<=60]]`. */
export interface AskedRoll {
  start: number;
  /** Characters of the text, from and up to. */
  end: number;
  label: string;
  formula: string;
}

/** A room was created, renamed, restaged, put in order, archived, trashed or restored. */
export interface RoomChanged {
  type: "room_changed";
  room: Room;
}

/** A room is gone for good. */
export interface RoomDeleted {
  type: "room_deleted";
  room_id: string;
}

/** The room shows another path of its story: all that is shown of it is drawn anew. */
export interface PathChanged {
  type: "path_changed";
  room: Room;
  /** The newest page of the path, oldest first. */
  messages: Message[];
  has_more: boolean;
  last_turn: Turn | null;
}

/** What undo and redo would do next in a room; `None` where there is nothing. */
export interface HistoryChanged {
  type: "history_changed";
  room_id: string;
  undo: ActCode | null;
  redo: ActCode | null;
}

export interface TurnStarted {
  type: "turn_started";
  turn: Turn;
}

/**
 * A message appeared: mine complete, a speaker's with its first visible text, or one that
 * was deleted and is back in its old place.
 */
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

/** It was deleted, the provider took text back, or the message was empty after all. */
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

/** There are more or fewer ways to an AI now, or one of them is another. */
export interface ProvidersChanged {
  type: "providers_changed";
  providers: Provider[];
  statuses: ProviderStatus[];
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

export interface RoomDuplicateParams {
  room_id: Id;
  title: string;
  /** With what was said on the path that is shown, not only the stage. */
  with_story?: boolean;
}

/** The rooms in the order of the shelf; rooms that are not named stand before them. */
export interface RoomOrderParams {
  room_ids: Id[];
}

export interface RoomListParams {
  which?: RoomShelf;
  /** A part of the title; case, composition and white space do not count. */
  query?: Name;
}

export interface RoomList {
  rooms: Room[];
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
  /** Positions smaller than this, counted over the whole path. */
  before: number;
  limit?: number;
  /** The path to the end of another branch of the room than the one it stands on. */
  branch_id?: Id | null;
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

/** Without a message the newest line is answered anew. */
export interface AgainParams {
  room_id: Id;
  /** Everything from the line that this message answers becomes an alternative. */
  message_id?: Id | null;
  /** One line of what should be different this time; it is not part of the story. */
  direction?: Line;
}

export interface ContinueParams {
  /** The newest message of the path that is shown. */
  message_id: Id;
}

export interface MessageParams {
  message_id: Id;
}

export interface EditParams {
  message_id: Id;
  text: Prose;
}

export interface DeleteParams {
  message_id: Id;
  and_below?: boolean;
}

export interface HideParams {
  message_id: Id;
  hidden: boolean;
}

export interface SwitchParams {
  message_id: Id;
  /** Which of the message's alternatives, from 1. */
  to: number;
}

/** The earlier texts of a message, the oldest first. */
export interface Versions {
  message: Message;
  earlier: TextVersion[];
}

export interface ForkParams {
  message_id: Id;
  name?: Name;
}

export interface BranchParams {
  branch_id: Id;
}

export interface BranchNameParams {
  branch_id: Id;
  name: Name;
}

/** The branches that can be gone to, parents first, and the slots, the newest first. */
export interface StoryTree {
  room_id: string;
  /** The branch that is shown. */
  now: string;
  branches: TreeBranch[];
  slots: Slot[];
}

export interface SlotSaveParams {
  room_id: Id;
  name: string;
}

export interface SlotParams {
  slot_id: Id;
}

export interface SlotNameParams {
  slot_id: Id;
  name: string;
}

export interface Slots {
  slots: Slot[];
}

export interface SessionResetParams {
  /** All rooms when left out. */
  room_id?: Id | null;
}

export interface SessionsReset {
  count: number;
}

export interface TurnParams {
  turn_id: Id;
}

export interface CheckParams {
  /** All of them when left out. */
  provider_id?: Id | null;
}

export interface ProviderParams {
  provider_id: Id;
}

export interface ModelsParams {
  provider_id: Id;
  /** Ask again although the answer is still known. */
  fresh?: boolean;
}

export interface ModelList {
  models: Model[];
}

export interface TrialParams {
  provider_id: Id;
  /** Empty: the provider's own default. */
  model?: Name;
}

/** An AI has said a short line. */
export interface Trial {
  first_text_ms: DurationMs;
  total_ms: DurationMs;
  /** As the provider calls what answered; empty where it does not say. */
  model: string;
  /** At most 200 characters. */
  text: string;
}

/** The one thing in the protocol that carries a key, and it only ever comes in. */
export interface KeyParams {
  provider_id: Id;
  key: string;
  /** Keep it in memory until the program ends: the person has agreed to that. */
  session_only?: boolean;
}

export interface Fact {
  name: string;
  value: string;
}

/** Facts that belong together; `name` is a code or a provider's id. */
export interface FactGroup {
  name: string;
  facts: Fact[];
}

/** How this installation stands, without the person's name, mail addresses and keys. */
export interface Diagnosis {
  groups: FactGroup[];
  /** The same as plain text, to be copied into a report. */
  text: string;
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
  archived_at: UtcMs | null;
  /** Its place on the shelf as the person put it, from 1; 0 where it was never put anywhere. */
  sort_order: number;
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
  edited_at: UtcMs | null;
  /** Kept from the AI, shown to the person. */
  hidden: boolean;
  /** How many ways the story goes on here, this one included. */
  alternatives: number;
  /** Which of them this is, from 1, the oldest first. */
  alternative: number;
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

/** A message that holds everything that was looked for. */
export interface SearchHit {
  message_id: string;
  room_id: string;
  branch_id: string;
  position: number;
  author: Author;
  created_at: UtcMs;
  /** The text around the first place, at most some 160 characters. */
  excerpt: string;
  /** Places of the excerpt, in characters (code points), from and up to, in order. */
  spans: [number, number][];
}

/** A page of hits, the newest first. */
export interface SearchFound {
  hits: SearchHit[];
  /**
   * Ask with this to go on; `None` if there is no more. A page may hold fewer hits than were
   * asked for, or none, and still have more behind it: the work of one call is bounded.
   */
  before: number | null;
}

/** The frame as the person left it, in CSS pixels. */
export interface Panes {
  stage_open: boolean;
  book_open: boolean;
  stage_width: number | null;
  book_width: number | null;
}

/** A server of the person's own, or what they changed about one of the catalogue's. */
export interface Server {
  id: Id;
  name: Name;
  /** Empty: where the catalogue says it is. */
  base_url: string;
  /** Of a server of their own; the catalogue knows it of the others. */
  needs_key: boolean;
  /** Asked where a room names none; empty: the server's own choice. */
  model: Name;
}

/** How the story looks on the screen; what is stored of it never changes. */
export interface Reading {
  /** Per cent of the letters of speech, narration and book. */
  size: number;
  spacing: "narrow" | "normal" | "wide";
  bubbles: "bubble" | "script";
  /** Narration and book in a serif; otherwise everything is sans. */
  serif: boolean;
  /** Text that is being written is blue-black. */
  wet_ink: boolean;
  motion: "system" | "less" | "full";
  /** Show in the top bar what a turn used. */
  tokens: boolean;
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
  /** How many AI processes may stand ready at once, some 200 to 400 MB each; 0 is none. */
  warm_lanes: number;
  /** Where the person says a CLI is, by provider id. Changed by `provider.choose_path` only. */
  provider_paths: Record<string, string>;
  servers: Server[];
  panes: Panes;
  book_style: "novel" | "markdown";
  reading: Reading;
}

/** What a room shows of its story: the newest page of the path it stands on, oldest first. */
export interface Path {
  room: Room;
  messages: Message[];
  has_more: boolean;
  last_turn: Turn | null;
}

/** A text that a message had earlier. */
export interface TextVersion {
  text: string;
  replaced_at: UtcMs;
}

/** A point of the story to come back to. */
export interface Slot {
  id: string;
  room_id: string;
  branch_id: string;
  position: number;
  /** Empty for the ones that were put there by themselves. */
  name: string;
  /** Before what it was put there by itself; `None` if the person saved it. */
  before: ActCode | null;
  /** The start of the message it stands at; at most 200 characters. */
  last_line: string;
  created_at: UtcMs;
}

/** One run of messages in the branches view. */
export interface TreeBranch {
  id: string;
  parent_id: string | null;
  /** The position after which it leaves its parent. */
  fork_position: number;
  /** The position of its newest message; the fork's while it has none of its own. */
  tip_position: number;
  /** Messages on the whole path from the root to the tip. */
  message_count: number;
  kind: BranchKind;
  name: string;
  /** The start of its own newest message; empty while it has none. */
  last_line: string;
  created_at: UtcMs;
  used_at: UtcMs;
}

/** What undo and redo would do next; `None` where there is nothing. */
export interface UndoState {
  undo: ActCode | null;
  redo: ActCode | null;
}

/** What was just undone or redone; `None` if there was nothing. */
export interface Undone {
  code: ActCode | null;
  room: Room;
}

export type AnyEvent =
  | RoomChanged
  | RoomDeleted
  | PathChanged
  | HistoryChanged
  | TurnStarted
  | MessageAdded
  | MessageGrew
  | MessageChanged
  | MessageRemoved
  | TurnNoted
  | TurnEnded
  | ProviderChecked
  | ProvidersChanged
  | SettingsChanged
  | ProblemRaised;

export type EventType = AnyEvent["type"];

/** What the page may ask for. */
export interface Methods {
  "app.open": { params: OpenParams; result: Opened };
  "app.report": { params: ReportParams; result: Reported };
  "room.open": { params: RoomParams; result: RoomView };
  "room.prepare": { params: RoomParams; result: Nothing };
  "room.create": { params: RoomCreateParams; result: RoomView };
  "room.rename": { params: RoomRenameParams; result: Room };
  "room.trash": { params: RoomParams; result: Room };
  "room.restore": { params: RoomParams; result: Room };
  "room.stage": { params: StageParams; result: Room };
  "room.draft": { params: DraftParams; result: Nothing };
  "room.list": { params: RoomListParams; result: RoomList };
  "room.order": { params: RoomOrderParams; result: RoomList };
  "room.archive": { params: RoomParams; result: Room };
  "room.unarchive": { params: RoomParams; result: Room };
  "room.duplicate": { params: RoomDuplicateParams; result: RoomView };
  "room.clear": { params: RoomParams; result: Path };
  "room.delete_forever": { params: RoomParams; result: Nothing };
  "message.page": { params: PageParams; result: MessagePage };
  "message.edit": { params: EditParams; result: Message };
  "message.versions": { params: MessageParams; result: Versions };
  "message.delete": { params: DeleteParams; result: Room };
  "message.hide": { params: HideParams; result: Message };
  "message.switch": { params: SwitchParams; result: Path };
  "message.continue": { params: ContinueParams; result: Sent };
  "branch.tree": { params: RoomParams; result: StoryTree };
  "branch.fork": { params: ForkParams; result: Path };
  "branch.go": { params: BranchParams; result: Path };
  "branch.back": { params: MessageParams; result: Path };
  "branch.name": { params: BranchNameParams; result: StoryTree };
  "branch.delete": { params: BranchParams; result: StoryTree };
  "slot.list": { params: RoomParams; result: Slots };
  "slot.save": { params: SlotSaveParams; result: Slots };
  "slot.go": { params: SlotParams; result: Path };
  "slot.name": { params: SlotNameParams; result: Slots };
  "slot.delete": { params: SlotParams; result: Slots };
  "history.state": { params: RoomParams; result: UndoState };
  "history.undo": { params: RoomParams; result: Undone };
  "history.redo": { params: RoomParams; result: Undone };
  "session.reset": { params: SessionResetParams; result: SessionsReset };
  "turn.send": { params: SendParams; result: Sent };
  "turn.again": { params: AgainParams; result: Sent };
  "turn.continue": { params: RoomParams; result: Sent };
  "turn.stop": { params: TurnParams; result: Nothing };
  "provider.check": { params: CheckParams; result: Nothing };
  "provider.models": { params: ModelsParams; result: ModelList };
  "provider.test": { params: TrialParams; result: Trial };
  "provider.choose_path": { params: ProviderParams; result: ProviderStatus };
  "provider.forget_path": { params: ProviderParams; result: ProviderStatus };
  "key.set": { params: KeyParams; result: Nothing };
  "key.delete": { params: ProviderParams; result: Nothing };
  "app.diagnose": { params: Nothing; result: Diagnosis };
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
  warm_lanes: 3,
  provider_paths: {},
  servers: [],
  panes: { stage_open: true, book_open: true, stage_width: null, book_width: null },
  book_style: "novel",
  reading: { size: 100, spacing: "normal", bubbles: "bubble", serif: true, wet_ink: true, motion: "system", tokens: true },
};

/** Limits the program checks, by struct and field. */
export const BOUNDS = {
  "SealedRoll.hash": { pattern: "^[0-9a-f]{64}$" },
  "RoomCreateParams.title": { maxLength: 200 },
  "RoomRenameParams.title": { minLength: 1, maxLength: 200 },
  "RoomDuplicateParams.title": { minLength: 1, maxLength: 200 },
  "RoomOrderParams.room_ids": { maxLength: 10000 },
  "RoomListParams.query": { maxLength: 200 },
  "DraftParams.text": { maxLength: 200000 },
  "PageParams.limit": { min: 1, max: 200 },
  "PageParams.branch_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "SendParams.text": { minLength: 1, maxLength: 100000 },
  "AgainParams.message_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "AgainParams.direction": { maxLength: 2000 },
  "EditParams.text": { maxLength: 200000 },
  "SwitchParams.to": { min: 1 },
  "ForkParams.name": { maxLength: 200 },
  "BranchNameParams.name": { maxLength: 200 },
  "SlotSaveParams.name": { minLength: 1, maxLength: 200 },
  "SlotNameParams.name": { minLength: 1, maxLength: 200 },
  "SessionResetParams.room_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "CheckParams.provider_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "TrialParams.model": { maxLength: 200 },
  "KeyParams.key": { minLength: 1, maxLength: 4096 },
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
  "Server.name": { maxLength: 200 },
  "Server.base_url": { maxLength: 500 },
  "Server.model": { maxLength: 200 },
  "Reading.size": { min: 80, max: 160 },
  "Settings.first_text_timeout_s": { min: 5, max: 600 },
  "Settings.idle_timeout_s": { min: 5, max: 600 },
  "Settings.turn_timeout_s": { min: 30, max: 3600 },
  "Settings.warm_lanes": { min: 0, max: 8 },
  "Settings.servers": { maxLength: 40 },
} as const;
