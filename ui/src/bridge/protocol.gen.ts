// Written by build/generate_protocol.py from desktop/protocol. Do not edit:
// change the Python and run `python3 build/dev.py generate`.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMs = number;

/** 32 hexadecimal digits, the time in front, or a fixed name of our own such as `me`. */
export type Id = string;

/**
 * Who answers: empty for the whole table, a character's id, `@narrator`, or several joined by
 * `+` in the order of the table, where they share a provider and others do not.
 */
export type Voice = string;

/**
 * Why turns no longer come by themselves. `asked`: I said so; `line`: I spoke; `stopped`: I
 * stopped an answer; `addressed`: somebody spoke to me; `moved`: the room shows another path or
 * is put away; `restaged`: others speak now; `nobody`: there is nobody to go on.
 */
export type AutoEnd =
  | ""
  | "asked"
  | "limit"
  | "line"
  | "stopped"
  | "problem"
  | "addressed"
  | "moved"
  | "restaged"
  | "nobody";

/**
 * `turn`: the next seat; `mentioned`: the last line names them; `narration`: it is time for
 * the narrator; `asked`: I chose them.
 */
export type NextReason = "turn" | "mentioned" | "narration" | "asked";

/** A file's name in the folder of backups; it is looked up there and never used as a path. */
export type BackupId = string;

/**
 * Why it was made; `import` and `migration`: right before one. `salvage`: it holds what could
 * be read of a damaged database. `replacing`: everything, right before another backup took its
 * place.
 */
export type BackupReason = "daily" | "import" | "migration" | "by_hand" | "salvage" | "replacing";

/** A length of time in milliseconds. */
export type DurationMs = number;

/** A position that the page asks for. */
export type Position = number;

/** A time that the page asks for. */
export type Moment = UtcMs;

export type Language = "ko" | "en" | "ja";

export type BookFormat = "epub" | "html" | "pdf" | "docx" | "markdown" | "text";

/** “…” as Korean and English novels have it, 「…」, or `Name: …`. */
export type Dialogue = "quotes" | "corner" | "script";

/**
 * `printing`: the pages were opened in the person's browser, which prints; `dismissed`: they
 * chose no place; `stopped`: nothing was left behind.
 */
export type BookOutcome = "saved" | "printing" | "dismissed" | "stopped";

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

export type Name = string;

export type Prose = string;

export type CardFormat =
  | "card_png"
  | "card_charx"
  | "card_json"
  | "card_json_v2"
  | "piece_cocofolia";

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

export type ConversionStep = "copying" | "packing" | "checking" | "unpacking";

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
  | "chapter_add"
  | "chapter_name"
  | "chapter_delete"
  | "clear"
  | "stage"
  | "rename";

/**
 * `history_dropped`: the model's context could not hold `count` messages that the room's window
 * would have shown; `lore_unread`: the lorebook `detail` is not there or cannot be read.
 */
export type TurnNote =
  | "retrying"
  | "discarded"
  | "tool_blocked"
  | "thinking"
  | "waiting"
  | "history_dropped"
  | "lore_unread";

export type Line = string;

/** An id, or empty for nobody. */
export type MaybeId = string;

export type LibraryKind =
  | "world"
  | "situation"
  | "my_character"
  | "npc"
  | "character_template"
  | "preset"
  | "lorebook";

export type LibraryOrigin = "mine" | "shipped";

/**
 * Why an entry is listed and cannot be read: not a text we can decode; not what its kind holds;
 * larger than we read; the system refuses; a link or a folder where a file should be; a file of
 * another type; a file name that is no text.
 */
export type EntryProblem =
  | "undecodable"
  | "malformed"
  | "too_large"
  | "unreadable"
  | "link"
  | "folder"
  | "foreign"
  | "bad_name";

/** `missing`: the chosen folder is not there now, for example on a disk that is not plugged in. */
export type LibraryState = "ready" | "missing" | "unreadable";

/** A file's name as it was listed, without a folder. */
export type FileName = string;

export type EntryName = string;

/**
 * `copied`: from the shipped library; `kept_beside`: the file had been changed outside since
 * it was read and stays as it is, and this is a new entry with a number.
 */
export type SaveOutcome = "saved" | "copied" | "kept_beside";

/** What of a preset to take; `character`: one of its people, by `character_id`. */
export type ApplyPart =
  | "whole"
  | "world"
  | "situation"
  | "me"
  | "narrator"
  | "characters"
  | "character";

export type KeepPart = "world" | "situation" | "me" | "character" | "stage";

/**
 * Why nothing can be synchronised, unless it is `ready`. `unsafe_settings`: the repository's
 * own settings name a program or something we do not know (`detail` says which); `not_yours`:
 * the folder belongs to another user; `unfinished`: a merge or rebase was begun elsewhere.
 */
export type GitState =
  | "ready"
  | "no_git"
  | "no_folder"
  | "no_repository"
  | "unsafe_settings"
  | "not_yours"
  | "unfinished"
  | "detached"
  | "failed"
  | "sealed";

export type FileChange = "added" | "changed" | "deleted" | "renamed" | "conflicted";

/**
 * `no_remote`: kept here, there is nowhere to send it; `offline`, `denied` and
 * `no_such_place`: kept here, to be sent another time; `blocked`: a file was changed while it
 * was being done or an ignored one stands in the way; `not_ready`: see the status.
 */
export type GitOutcome =
  | "done"
  | "no_remote"
  | "offline"
  | "denied"
  | "no_such_place"
  | "blocked"
  | "not_ready"
  | "failed";

export type ConflictKind = "both_changed" | "deleted_here" | "deleted_there";

export type LoreCause = "key" | "recursion" | "constant" | "sticky";

/** Imported books bring ids of any form. */
export type LoreId = string;

/** A lorebook's file in the library, without a folder; the person's own before a shipped one. */
export type BookFile = string;

/** Of the secondary keys: one must be there, not all may, none may, all must. */
export type KeyLogic = "and_any" | "not_all" | "not_any" | "and_all";

/** A whole word, particles aside; a word that may go on; anywhere. */
export type KeyMatch = "word" | "compound" | "partial";

export type LorePosition = "before_characters" | "after_characters" | "at_depth";

export type Count = number;

export type Key = string;

export type Keys = Key[];

export type Rank = number;

export type Extensions = Record<string, unknown>;

export type LoreObstacle =
  | "disabled"
  | "book_disabled"
  | "no_content"
  | "no_keys"
  | "no_key"
  | "secondary"
  | "bad_pattern"
  | "recursion_only"
  | "probability"
  | "cooldown"
  | "delay"
  | "budget"
  | "book_budget"
  | "group";

export type RoomShelf = "active" | "archived" | "trashed";

/** Something that is kept once and named by its hash; empty for nothing. */
export type Kept = string;

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

/** `ensemble`: everyone in one answer; `single`: one voice at a time, each in its own turn. */
export type Answering = "ensemble" | "single";

/** Who is next in `single`: the next seat, or whoever the last line names and else the seat. */
export type NextBy = "round_robin" | "mention";

/** Whether what falls out of the window is told in a few words, and who asks for them. */
export type SummaryMode = "off" | "request" | "automatic";

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

export type AuthorKind = "user" | "character" | "narrator" | "note" | "dice";

/**
 * `partial`: the answer was cut off; `stopped`: the person stopped it;
 * `failed`: the provider failed after some text had come.
 */
export type MessageStatus = "streaming" | "complete" | "partial" | "stopped" | "failed";

export type UsageSource = "reported" | "estimated" | "none";

/** `interrupted`: the program ended while the answer was coming. */
export type TurnOutcome = "running" | "complete" | "stopped" | "failed" | "interrupted";

/**
 * Why a picture is not taken, in the `detail` of `bad_file`. `not_allowed`: of a kind that we
 * do not open, such as SVG; `too_large`: too many bytes; `too_many`: too many pixels, which are
 * never unpacked; `cut_off`: its end is missing; `unreadable`: the file cannot be opened.
 */
export type PictureFault =
  | "empty"
  | "not_known"
  | "not_allowed"
  | "too_large"
  | "too_many"
  | "cut_off"
  | "malformed"
  | "unreadable";

export type Pixels = number;

/** `small`: 128 pixels, for seals; `full`: up to 512. */
export type PictureSize = "small" | "full";

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
  | "bad_file"
  | "locked"
  | "wrong_password"
  | "no_keyring"
  | "storage_full"
  | "storage_failed"
  | "damaged"
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

export type ProfileId = string;

export type Label = string;

export type Password = string;

export type NewPassword = string;

export type SegmentKind =
  | "frame"
  | "format"
  | "expression"
  | "narrator"
  | "drive"
  | "choices"
  | "dice"
  | "output"
  | "pace"
  | "house_rules"
  | "world"
  | "situation"
  | "me"
  | "characters"
  | "others"
  | "secrets"
  | "example"
  | "lore"
  | "summary"
  | "history"
  | "line"
  | "direction";

export type Place = "system" | "user";

/**
 * `changed`: a text was lost since; `outline`: an old turn of which only the sections are
 * known; `none`: nothing is known, for example of a turn that a crash cut off.
 */
export type PromptExactness = "exact" | "changed" | "outline" | "none";

export type Theme = "system" | "light" | "dark";

export type ReplyTimeout = number;

export type VoiceName = string;

export type Speed = number;

export type Pitch = number;

export type Argument = string;

export type SpokenText = string;

export type SpeechId = string;

/** `auto`: the voices of the page's engine where it has any for the language, else a program. */
export type SpeechWay = "auto" | "page" | "command" | "server";

export type SpeechState = "saying" | "done" | "failed";

/**
 * `alternative`: another answer or another end; `slot`: begun by the person on purpose;
 * `fresh`: the conversation begun anew.
 */
export type BranchKind = "main" | "alternative" | "slot" | "fresh";

/**
 * Why a file is not taken; nothing has changed then. `not_known`: none of our formats;
 * `cut_off`: its end is missing; `bomb`: it would unpack to far more than it weighs; `bad_path`:
 * it names a place outside of itself; `wrong_hash`: it is not what its own list says;
 * `changed`: it is another file than the one that was looked at.
 */
export type FileFault =
  | "not_known"
  | "empty"
  | "undecodable"
  | "malformed"
  | "cut_off"
  | "too_deep"
  | "too_large"
  | "too_many"
  | "bomb"
  | "bad_path"
  | "link"
  | "encrypted"
  | "wrong_hash"
  | "duplicate_id"
  | "newer_version"
  | "changed";

/** What became of something that was not taken as it stands; formats have more of their own. */
export type TransferRemarkCode =
  | "speakers_split"
  | "times_guessed"
  | "reordered"
  | "title_cut"
  | "text_cleaned"
  | "text_cut"
  | "stage_field_unread"
  | "unknown_record"
  | "duplicate_skipped"
  | "seal_left_out"
  | "seal_broken"
  | "room_without_id"
  | "empty_message"
  | "fork_moved"
  | "slot_without_place"
  | "not_held_by_format";

export type Passphrase = string;

export type ExportScope = "room" | "rooms" | "all";

/** The whole tree, or only the path each room shows. */
export type ExportBranches = "tree" | "path";

export type ImportMode = "new" | "merge";

export type Duplicates = "skip" | "add";

export type TransferKind = "export" | "preview" | "import";

export type TransferState = "running" | "done" | "stopped" | "failed";

/** `nobody`: turns in which no word was said. */
export type SpeakerKind = "character" | "narrator" | "nobody";

/** Turns are coming by themselves in a room. */
export interface AutoTurn {
  /** How many have ended. */
  count: number;
  limit: number | null;
  /** When the next one begins; `None` while somebody speaks. */
  next_at: UtcMs | null;
}

/** Who speaks next where one voice speaks at a time. */
export interface NextVoice {
  /** Empty where nobody is there to speak. */
  voice: Voice;
  reason: NextReason;
  /** Somebody spoke to my character: it is for me to answer. */
  addressed: boolean;
}

/** Without a voice it is whoever is next. */
export interface VoiceParams {
  room_id: Id;
  voice?: Voice;
}

export interface AutoRoomParams {
  room_id: Id;
}

/** A whole copy of the profile's stories and library, as its own note tells. */
export interface Backup {
  id: string;
  made_at: UtcMs;
  reason: BackupReason;
  size: number;
  rooms: number;
  messages: number;
  library: number;
  /** False: it is damaged, or was made under a key this profile no longer has. */
  readable: boolean;
}

/** The newest first. */
export interface Backups {
  backups: Backup[];
  /** Bytes of all of them. */
  size: number;
  making: boolean;
  /** Why the newest attempt failed, if it did. */
  problem: Problem | null;
}

export interface BackupParams {
  backup_id: BackupId;
}

/** What came of really restoring one into a database that was thrown away afterwards. */
export interface BackupTested {
  holds: boolean;
  rooms: number;
  messages: number;
}

/** A chapter of the path: it begins with the first message at its position or behind it. */
export interface ChapterMark {
  id: string;
  /** From 1 along the path. */
  number: number;
  name: string;
  position: number;
  /** The message it begins with; empty where everything behind it was deleted. */
  message_id: string;
}

export interface BookParams {
  room_id: Id;
}

/** What is known of the whole path that is shown, without its texts. */
export interface BookContents {
  room_id: string;
  branch_id: string;
  chapters: ChapterMark[];
  messages: number;
  characters: number;
  /** Messages, characters and words without notes and dice. */
  words: number;
  /** All messages of the path; the number of the one at `tip`. */
  count: number;
  tip: number;
}

/** Messages of the path from a place on, or before it; neither: the newest. */
export interface BookPageParams {
  room_id: Id;
  /** The first position wanted. */
  start?: Position | null;
  before?: Position | null;
  limit?: number;
}

/** Neighbouring messages of the path, oldest first. */
export interface BookPage {
  messages: Message[];
  /** Which message of the path the first of them is, from 1; deleted ones do not count. */
  first_number: number;
  has_older: boolean;
  has_newer: boolean;
}

export interface ChapterAddParams {
  message_id: Id;
  name?: Name;
}

export interface ChapterNameParams {
  chapter_id: Id;
  name: Name;
}

export interface ChapterParams {
  chapter_id: Id;
}

/** How a book is made. */
export interface BookOptions {
  format: BookFormat;
  /** The path to the end of another branch than the one that is shown. */
  branch_id: Id | null;
  /** Without dice and notes. */
  in_character: boolean;
  chapters: boolean;
  cast: boolean;
  /** Every roll of the room with its place in the chain, at the end. */
  dice_record: boolean;
  names: boolean;
  dialogue: Dialogue;
  cover: boolean;
  /** What the file says it is written in; the room's own when left out. */
  language: Language | null;
}

export interface BookSaveParams {
  room_id: Id;
  options?: BookOptions;
}

export interface BookSaved {
  outcome: BookOutcome;
  /** Of the file, without its folder. */
  name: string;
  messages: number;
  bytes: number;
  at: UtcMs;
}

/** The text of a chapter, or of everything, to be copied. */
export interface BookTextParams {
  room_id: Id;
  /** A chapter from its mark up to the next. */
  chapter_id?: Id | null;
  /** Of the formats only `markdown` and `text`. */
  options?: BookOptions;
}

export interface BookText {
  text: string;
}

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

/** The system's dialog asks which file. */
export interface CardChooseParams {
  /** Stands where the card says `{{user}}`; empty: as the prompts call a nameless person. */
  me?: Name;
}

/** A character piece, or a card's JSON, from the clipboard. */
export interface CardPasteParams {
  text: string;
  me?: Name;
}

/** What a card says. Nothing of it is at a table yet. */
export interface CardTaken {
  /** `None` if the person closed the dialog. With an id of their own. */
  character: Character | null;
  situation: Prose;
  /** The card's lorebook, which was put into the library. */
  book_file: string;
  book_name: string;
  /** What was not taken as it stands. */
  lines: ReceiptLine[];
}

/** The system's dialog asks where to. */
export interface CardSaveParams {
  character: Character;
  situation?: Prose;
  format?: CardFormat;
}

export interface CardSaved {
  /** Its name without the folder; empty if the person closed the dialog. */
  file: string;
}

export interface CardCopyParams {
  character: Character;
}

export interface CardCopied {
  /** A character piece of Cocofolia, for the clipboard. */
  text: string;
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

/** An error the page met and could not handle. */
export interface ReportParams {
  message: Line;
  stack?: string;
}

export interface Reported {
  log_id: string;
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
  /** Stays as it was where it is left out. */
  usage: UsageSums | null;
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
  count: number;
}

/** The turn with its outcome, usage and problem; its messages have been changed before. */
export interface TurnEnded {
  type: "turn_ended";
  turn: Turn;
  room: Room;
  /** Of the room, this turn included; left out where the turn could not be stored. */
  usage: UsageSums | null;
}

/** Turns begin to come by themselves in a room, one more has, or they no longer do. */
export interface AutoChanged {
  type: "auto_changed";
  room_id: string;
  auto: AutoTurn | null;
  /** Why there are no more; empty while there are. */
  why: AutoEnd;
}

/** Somebody else is next in a room; `None` where the whole table answers. */
export interface NextChanged {
  type: "next_changed";
  room_id: string;
  next: NextVoice | null;
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

/** An entry was saved, renamed, deleted or fetched back, here or outside of the program. */
export interface LibraryChanged {
  type: "library_changed";
  library: LibraryList;
}

/** An export or import has come further; told a few times a second at most. */
export interface TransferProgressed {
  type: "transfer_progressed";
  job: TransferJob;
}

/** It is done, was stopped or has failed; in the last two cases nothing was left behind. */
export interface TransferEnded {
  type: "transfer_ended";
  job: TransferJob;
}

/** A summary is being made, was made, written or taken away, or could not be made. */
export interface SummaryChanged {
  type: "summary_changed";
  state: SummaryState;
}

/** A chapter of the path was begun, named or taken away: these are all of them now. */
export interface ChaptersChanged {
  type: "chapters_changed";
  room_id: string;
  chapters: ChapterMark[];
}

/** A book is being written; told with every few hundred messages. */
export interface BookProgressed {
  type: "book_progressed";
  room_id: string;
  done: number;
  /** Messages. */
  total: number;
}

/** The profile is being locked or unlocked for good; how far one step of it is. */
export interface ProfileConverting {
  type: "profile_converting";
  step: ConversionStep;
  done: number;
  total: number;
}

/** The database of the open profile was found damaged; it was closed. A new page is needed. */
export interface ProfileDamaged {
  type: "profile_damaged";
}

/** A program reads a sentence now, has read the last one, or could not. */
export interface SpeechChanged {
  type: "speech_changed";
  progress: SpeechProgress;
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

/** One file of the library, as a list shows it. Kind, origin and file name it together. */
export interface LibraryEntry {
  kind: LibraryKind;
  origin: LibraryOrigin;
  file: string;
  /** As the person wrote it; the file's name is made from it. */
  name: string;
  modified: UtcMs;
  /** In bytes. */
  size: number;
  /** Of what stands in the file; it is another as soon as the file is. */
  stamp: string;
  problem: EntryProblem | null;
  /** Of a person; to be asked for by `picture.read`. */
  picture: string;
}

/** An entry that was deleted and can be fetched back for 30 days. */
export interface LibraryTrashed {
  id: string;
  kind: LibraryKind;
  name: string;
  deleted_at: UtcMs;
}

/**
 * Everything there is, by kind and name. Of a shipped entry that the person has changed only
 * their own copy is listed.
 */
export interface LibraryList {
  state: LibraryState;
  /** Where the person's own files lie. */
  folder: string;
  /** Whether that is the usual place. */
  usual: boolean;
  entries: LibraryEntry[];
  trash: LibraryTrashed[];
}

/** Of a world, a situation, an NPC. */
export interface TextContents {
  type: "text";
  text: Prose;
}

/** Of my characters. */
export interface PersonaContents {
  type: "persona";
  persona: Persona;
}

/** Of a character template. */
export interface CharacterContents {
  type: "character";
  character: Character;
}

/** Of a preset: the whole stage with every setting. */
export interface StageContents {
  type: "stage";
  stage: Stage;
}

/** Of a lorebook. */
export interface LoreContents {
  type: "lore";
  book: Lorebook;
}

export interface EntryParams {
  kind: LibraryKind;
  origin?: LibraryOrigin;
  file: FileName;
}

export interface EntryRead {
  entry: LibraryEntry;
  contents: Contents;
  /**
   * Fields of ours whose values could not be used; the default stands for each. They are lost
   * when the entry is saved; the file as it was goes to the trash then.
   */
  unread: string[];
}

/** Without a file a new entry is made; it gets a number if its name is taken. */
export interface EntrySaveParams {
  kind: LibraryKind;
  name: EntryName;
  contents: Contents;
  /** `shipped`: the changed copy becomes the person's own. */
  origin?: LibraryOrigin;
  /** The entry that was changed; its name stays, `library.rename` changes that. */
  file?: string;
  /** Of the file as it was read. */
  stamp?: string;
}

export interface EntrySaved {
  entry: LibraryEntry;
  outcome: SaveOutcome;
}

export interface EntryRenameParams {
  kind: LibraryKind;
  file: FileName;
  name: EntryName;
}

export interface TrashParams {
  id: Id;
}

/** Put an entry onto a room's stage. */
export interface ApplyParams {
  room_id: Id;
  kind: LibraryKind;
  origin?: LibraryOrigin;
  file: FileName;
  /** Of a preset; other kinds have one place only. */
  part?: ApplyPart;
  character_id?: MaybeId;
  /** The character of the room whose seat a person takes; otherwise they join the others. */
  replaces?: MaybeId;
}

/** Save a part of a room's stage as a new entry. */
export interface KeepParams {
  room_id: Id;
  part: KeepPart;
  name: EntryName;
  character_id?: MaybeId;
}

export interface Applied {
  room: Room;
}

/** The house rules: put into the prompt of every room of this profile. */
export interface Rules {
  text: Prose;
  /** Empty while the sample holds. */
  stamp: string;
  /** Whether the person has written them; otherwise it is the sample of the language. */
  own: boolean;
}

export interface RulesSaveParams {
  /** `None` goes back to the sample; empty means no rules. */
  text: Prose | null;
  stamp?: string;
}

export interface RulesSaved {
  rules: Rules;
  /** Where the text of somebody else was kept: the file had been changed outside meanwhile. */
  kept: string;
}

export interface ChangedFile {
  path: string;
  change: FileChange;
}

/** As far as the last fetch knows. */
export interface GitStatus {
  state: GitState;
  branch: string;
  /** Empty: nothing was ever exchanged from this branch. */
  upstream: string;
  /** Whether there is a place to exchange with. */
  remote: boolean;
  ahead: number;
  behind: number;
  changed: ChangedFile[];
  detail: string;
}

export interface GitInitParams {
  /**
   * Where to exchange with: `https://…`, `ssh://…`, `user@host:path` or a folder. Never
   * with a password in it.
   */
  remote?: Line;
}

/** A file that was changed in two places. Nothing is lost: both versions are entries now. */
export interface SyncConflict {
  kind: ConflictKind;
  /** Holds this computer's version, or the one that was not deleted. */
  path: string;
  /** Where the other version was put, for `both_changed`. */
  other: string;
}

export interface GitSynced {
  outcome: GitOutcome;
  status: GitStatus;
  /** Files of this computer that were put on record. */
  committed: number;
  /** Commits. */
  received: number;
  /** Commits. */
  sent: number;
  conflicts: SyncConflict[];
  /** What git said, without passwords; may be empty. */
  detail: string;
}

export interface LibraryFindParams {
  text: Key;
  limit?: number;
}

/** An entry that holds everything that was looked for. */
export interface LibraryHit {
  entry: LibraryEntry;
  /** The piece of lore in a lorebook; empty for the entry itself. */
  lore_id: string;
  title: string;
  /** The text around the first place, at most some 160 characters; the title if only that fits. */
  excerpt: string;
  /** Places of the excerpt, in characters (code points), from and up to, in order. */
  spans: [number, number][];
}

/** Hits in the order of the library: by kind and name, lore in the order of its book. */
export interface LibraryFound {
  hits: LibraryHit[];
  /** Whether there are more than were asked for. */
  more: boolean;
}

/** A new room with a preset's stage; the preset itself stays as it is. */
export interface RoomFromPresetParams {
  title: Name;
  origin?: LibraryOrigin;
  file: FileName;
}

export interface DaysParams {
  room_id: Id;
}

/** A day of the person's own calendar on which something was said. */
export interface StoryDay {
  /** `2026-11-22`. */
  day: string;
  /** Messages of that day on the path that is shown. */
  count: number;
  /** The first of them. */
  message_id: string;
  position: number;
}

/** The days of the path that is shown, the oldest first; days without a word are left out. */
export interface StoryDays {
  room_id: string;
  days: StoryDay[];
}

/** Ask where an entry of a lorebook was told in a room, on the path that is shown. */
export interface LoreUsedParams {
  room_id: Id;
  book: FileName;
  entry_id: LoreId;
}

/** One answer that was told the entry. */
export interface LoreUse {
  turn_id: string;
  /** The first message of the answer. */
  message_id: string;
  position: number;
  /** How that message begins, at most some 120 characters. */
  excerpt: string;
  created_at: UtcMs;
  cause: LoreCause;
}

/** The newest first; only so many of the newest answers are looked through. */
export interface LoreUsed {
  uses: LoreUse[];
}

/** One piece of lore. Only the id is required. */
export interface Entry {
  id: LoreId;
  /** For the person; never sent. */
  name: Name;
  content: Prose;
  keys: Keys;
  /** Not asked for if there are none. */
  secondary_keys: Keys;
  logic: KeyLogic;
  use_regex: boolean;
  case_sensitive: boolean;
  match: KeyMatch;
  ignore_spaces: boolean;
  constant: boolean;
  enabled: boolean;
  /** Lower stands earlier; later is stronger. */
  order: Rank;
  /** Lower is left out first when the budget is short. */
  priority: Rank;
  probability: number;
  /** Turns for which it stays once it has fired. */
  sticky: Count;
  /** Turns for which it then cannot fire again. */
  cooldown: Count;
  /** It cannot fire before this turn of the story, counted from 1. */
  delay: Count;
  /** Other entries do not fire it. */
  exclude_recursion: boolean;
  /** It fires no other entries. */
  prevent_recursion: boolean;
  /** Only other entries fire it. */
  delay_until_recursion: boolean;
  /** How many messages back its keys are looked for, the line included; the book's if left out. */
  scan_depth: Count | null;
  position: LorePosition;
  /** Messages from the end, for `at_depth`. */
  depth: Count;
  /** Of the entries of one group only one fires. */
  group: Name;
  /** Its share of the chance within the group. */
  weight: number;
  /** `all`, `gm` or `char:<id>`: who knows it. */
  visibility: Line[];
  /** What an imported book said in fields that are not ours; kept for its export. */
  extensions: Extensions;
}

/** A book of entries, in the order in which the person keeps them. */
export interface Lorebook {
  id: LoreId;
  name: Name;
  description: Prose;
  enabled: boolean;
  scan_depth: Count;
  token_budget: Count | null;
  /** Whether what its entries say can fire further ones. */
  recursive: boolean;
  entries: Entry[];
  extensions: Extensions;
}

/** An entry that is still held or still barred. */
export interface Timing {
  book_id: string;
  entry_id: string;
  /** The last turn for which it stays. */
  held_to: number;
  /** The last turn in which it cannot fire again. */
  barred_to: number;
}

/** What the next turn must know of the ones before. Belongs to a place in the story's tree. */
export interface LoreState {
  /** Turns there have been. */
  turn: number;
  timings: Timing[];
}

/** An entry that is told, and why. */
export interface Fired {
  book_id: string;
  entry: Entry;
  cause: LoreCause;
  key: string;
  /** The secondary keys that were there. */
  secondary: string[];
  /** Where the key stood; empty for the line that is being answered. */
  message_id: string;
  /** The entry whose content held the key. */
  by_entry: string;
  tokens: number;
}

/** An entry that is not told, and what stood in its way. */
export interface Passed {
  book_id: string;
  entry_id: string;
  obstacle: LoreObstacle;
  /** The key that was there all the same, or the pattern that cannot be used. */
  key: string;
  /** Who won the group. */
  by_entry: string;
  /** How many turns the obstacle still lasts. */
  turns: number;
  /** What it would have cost. */
  tokens: number;
}

/** What is told for one turn: every entry of every book is in exactly one of the two. */
export interface Activation {
  /** In the order of insertion. */
  fired: Fired[];
  /** In the order of the books. */
  passed: Passed[];
  tokens: number;
  state: LoreState;
}

/** No parameters, or nothing to say back. */
export type Nothing = Record<string, never>;

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
  /** If the current one is not open, nothing else in here is of any profile. */
  profiles: Profiles | null;
}

export interface RoomCreateParams {
  title: Name;
  language?: Language;
}

export interface RoomRenameParams {
  room_id: Id;
  title: EntryName;
}

export interface RoomDuplicateParams {
  room_id: Id;
  title: EntryName;
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
  before: Position;
  limit?: number;
  /** The path to the end of another branch of the room than the one it stands on. */
  branch_id?: Id | null;
}

export interface MessagePage {
  messages: Message[];
  has_more: boolean;
}

export interface SendParams {
  room_id: Id;
  text: string;
  /** Spoken as the narrator, where the person plays that part. */
  as_narrator?: boolean;
  /** Who is to answer; empty: whose turn it is, or the whole table. */
  voice?: Voice;
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
  name: EntryName;
}

export interface SlotParams {
  slot_id: Id;
}

export interface SlotNameParams {
  slot_id: Id;
  name: EntryName;
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

export interface SettingsParams {
  settings: Settings;
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
  /** A face, to be asked for by `picture.read`; without one a seal stands for the name. */
  picture: Kept;
}

/** Who tells what happens between the lines, and how much. */
export interface Narrator {
  kind: NarratorKind;
  level: NarratorLevel;
  drive: Drive;
  description: Prose;
  /** Who speaks for the narrator; empty: the room's provider, and then its model too. */
  provider: MaybeId;
  /** Empty: that provider's own default. */
  model: Name;
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
  name: EntryName;
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
  /** Empty: the room's provider, and then its model too. */
  provider: MaybeId;
  /** Of the provider named here; empty: that provider's own default. */
  model: Name;
  /** Read aloud; without a name as the settings say. */
  voice: SpokenVoice;
  /** A face, to be asked for by `picture.read`; without one a seal stands for the name. */
  picture: Kept;
  /** What the card they came from says and nothing here holds; another card takes it along. */
  card: Kept;
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
  /** The narrator of the AI may ask for a roll, and is told that the program rolls. */
  dice: boolean;
  output: Output;
  pace: Pace;
  /** Speech, `*sounds*` and narration each stand on lines of their own. */
  separation: boolean;
  answering: Answering;
  next_by: NextBy;
  /** Seconds between two turns that come by themselves. */
  auto_delay_s: number;
  /** How many turns may come by themselves before I am asked again; `None`: any number. */
  auto_limit: number | null;
  /** The lorebooks in force here, the earlier the stronger claim on the budget. */
  lorebooks: FileName[];
  summary: SummaryMode;
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

/** An AI as it was asked, or as it called itself. */
export interface AnsweredBy {
  provider: string;
  model: string;
  /** What it answered; those that answered the same line one after another are one round. */
  line_id: string;
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
  /** What the program rolled; only where the dice speak. */
  roll: SealedRoll | null;
  /** How many ways the story goes on here, this one included. */
  alternatives: number;
  /** Which of them this is, from 1, the oldest first. */
  alternative: number;
  /** Who said it, in an answer that was not the whole table's; `None` for all other lines. */
  by: AnsweredBy | null;
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
  /** Who answers in it. */
  voice: Voice;
  /** How many more turns answer the same line right behind this one, if it ends well. */
  following: number;
  /** It came by itself, without anybody asking for it. */
  automatic: boolean;
  outcome: TurnOutcome;
  problem: Problem | null;
  usage: Usage;
  first_text_ms: DurationMs | null;
  total_ms: DurationMs | null;
  started_at: UtcMs;
}

/**
 * `text` is English, as licences are; empty in a program that was not packaged, whose parts
 * lie beside it with licences of their own.
 */
export interface ThirdParties {
  text: string;
}

/** A piece of a picture that was dropped or pasted; the first has no token yet. */
export interface PictureDropParams {
  token?: MaybeId;
  /** At most `PICTURE_PIECE` bytes, as base64. */
  data: string;
  last?: boolean;
}

/** A picture that lies ready to be cut. It is held in memory until it is let go. */
export interface PictureSource {
  /** Empty if the person closed the dialog. */
  token: string;
  /** Of the upright picture, in its own pixels; 0 while pieces of it are missing. */
  width: number;
  height: number;
  /** A `data:` address of the whole of it, small enough to be shown. */
  preview: string;
}

/** The square that is kept, in pixels of the source. */
export interface PictureCropParams {
  token: Id;
  x: Pixels;
  y: Pixels;
  side: number;
}

export interface PictureTokenParams {
  token: Id;
}

export interface PictureReadParams {
  ids: Kept[];
  size?: PictureSize;
}

/** What a name stands for never changes: the page keeps it as long as it likes. */
export interface Picture {
  id: string;
  /** A `data:` address. */
  source: string;
}

/** Of what was asked for, whatever there is. */
export interface PicturesRead {
  pictures: Picture[];
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

/** What may be known of it without its password. */
export interface Profile {
  id: string;
  /** Empty: the page shows a number. Of a locked one it is shown to everybody. */
  label: string;
  /** From 1 on, in the order they were made. */
  number: number;
  /** It has a password. */
  locked: boolean;
  created_at: UtcMs;
  /** When it was put away; it goes thirty days later. */
  deleted_at: UtcMs | null;
}

/** Every profile, and which one the window shows. */
export interface Profiles {
  current: string;
  /** False: the current one is locked, and nothing of it is known. */
  open: boolean;
  /** The system's keyring opens the current one. */
  remembered: boolean;
  /** The current one is not open because its database is damaged: `rescue.*` helps. */
  damaged: boolean;
  profiles: Profile[];
}

export interface ProfileParams {
  profile_id: ProfileId;
}

/** A new profile; with a password a locked one. */
export interface ProfileCreateParams {
  label?: Label;
  password?: NewPassword | null;
  language?: Language | null;
}

export interface ProfileLabelParams {
  profile_id: ProfileId;
  label: Label;
}

export interface ProfileDeleteParams {
  profile_id: ProfileId;
  /** At once rather than in thirty days. */
  forever?: boolean;
}

/** Show a profile; without a password a locked one shows its door. */
export interface ProfileOpenParams {
  profile_id: ProfileId;
  password?: Password | null;
  /** The code of the recovery sheet, instead of the password. */
  recovery?: Password | null;
  remember?: boolean;
}

/** Of the current profile. */
export interface PasswordParams {
  password: Password;
}

export interface ProtectParams {
  password: NewPassword;
  remember?: boolean;
}

/** `password` is the old one, or the recovery sheet's code. */
export interface PasswordChangeParams {
  password: Password;
  fresh: NewPassword;
}

export interface RememberParams {
  remember: boolean;
}

/** `recovery` is shown once, to be printed; nothing keeps it. Empty: there is no lock. */
export interface ProfileMade {
  profiles: Profiles;
  profile_id: string;
  recovery: string;
}

export interface PromptParams {
  turn_id: Id;
}

export interface SummaryParams {
  room_id: Id;
}

/** One section as it was sent; the sections of one place were joined by an empty line. */
export interface PromptSection {
  kind: SegmentKind;
  place: Place;
  /** For example `always`, `stage.world`, `narrator.ai.active`, `lore.key`. */
  reason_code: string;
  /** Empty where only its length is known still. */
  text: string;
  characters: number;
  /** Of an entry of lore: what the person knows it by. */
  name: string;
}

/** Something the room has or was set to that was not sent, and why. */
export interface PromptOmission {
  kind: SegmentKind;
  reason_code: string;
  names: string[];
  /** Of the story's newest that were looked at; of a long story more may be left out. */
  messages: number;
  turns: number;
}

/** Why one entry of a lorebook was told or was not: exactly one of the two codes is set. */
export interface LoreReason {
  /** The file of the library it stands in; empty for a book that was only tried out. */
  book: string;
  book_name: string;
  entry_id: string;
  /** The entry's name, or its first key. */
  name: string;
  cause: LoreCause | null;
  obstacle: LoreObstacle | null;
  /** The key that was there. */
  key: string;
  secondary: string[];
  /** Where the key stood; empty for the line that was answered. */
  message_id: string;
  /** Name of the entry that fired it or won the group. */
  by_entry: string;
  /** How many turns the obstacle lasts. */
  turns: number;
  tokens: number;
}

/** What was sent for one answer, to the letter where it is `exact`. */
export interface TurnPrompt {
  turn_id: string;
  exactness: PromptExactness;
  provider: string;
  model: string;
  /**
   * The provider's own conversation went on: it had got what is in `system` before, and was
   * now told the rest alone.
   */
  went_on: boolean;
  sections: PromptSection[];
  omissions: PromptOmission[];
  lore: LoreReason[];
  /** The first message of the story that was sent; empty for none. */
  first_message_id: string;
}

/** A text to try lore with: library books by file, or one that is being written. */
export interface LoreTestParams {
  text: string;
  files?: FileName[];
  book?: Lorebook | null;
  /** Its newest messages are looked through too, as they would be for a line said now. */
  room_id?: MaybeId;
}

/** Every entry is in it once. Chance is left out: a probability over 0 counts as met. */
export interface LoreTested {
  reasons: LoreReason[];
  /** Of all that would be told. */
  tokens: number;
  /** Files that are not there or cannot be read. */
  unread: string[];
}

/** The story up to a message in a few words; it belongs to the path that leads there. */
export interface Summary {
  id: string;
  room_id: string;
  /** The last message it covers; empty if it covers none. */
  upto_id: string;
  /** The position of that message; from the first message of the path up to here. */
  upto: number;
  text: string;
  /** The provider that wrote it; empty where the person did. */
  by: string;
  model: string;
  /** Something it covers was changed since. */
  stale: boolean;
  created_at: UtcMs;
}

/** How the story's memory stands on the path that is shown. */
export interface SummaryState {
  room_id: string;
  summary: Summary | null;
  /** Messages before the first one the AI sees that no summary covers. */
  fallen: number;
  /** The first message the AI sees itself, as the next line would be sent; empty for all. */
  first_seen_id: string;
  making: boolean;
  /** Why the last try of this start failed. */
  problem: Problem | null;
}

/** Put the person's own words in place of the summary in force, or begin one. */
export interface SummarySaveParams {
  room_id: Id;
  text: string;
}

/** The profile is open again, as it was when the backup was made. */
export interface Replaced {
  profiles: Profiles;
  /** The backup that holds everything as it stood before: the same way leads back. */
  kept: BackupId;
  rooms: number;
  messages: number;
  /** Entries of the library that were put back. */
  library: number;
  /** The folder of the person's own that holds the library is not there: it stays as it is. */
  library_missing: boolean;
}

/** What the profile's folder offers. */
export interface Rescue {
  /** The newest one that was restored for a trial just now and held. */
  offered: Backup | null;
  /** Further ones that can be read, the newest first; they are tried before they are used. */
  others: Backup[];
  /** The database is not there at all, or empty: nothing can be read out of it. */
  lost: boolean;
}

/** Which backup takes the damaged database's place. */
export interface RescueParams {
  backup_id: BackupId;
}

/** The profile is open again. */
export interface Rescued {
  profiles: Profiles;
  /** The damaged file's name from now on, beside the new one; empty where there was none. */
  kept: string;
  rooms: number;
  messages: number;
}

export interface DiceParams {
  room_id: Id;
  /** A line such as `/roll 2d6`, or one that holds `[[1d20]]`. */
  text: string;
}

/** The rolls as they stand in the story now. */
export interface Rolled {
  messages: Message[];
}

/** Whether the rolls of a room are what was sealed. */
export interface DiceVerified {
  count: number;
  holds: boolean;
  /** Of the rolls that are proved: all, or those before the first that is not. */
  message_ids: string[];
}

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
  usage: UsageSums | null;
  /** Events up to this number are already in it. */
  sequence: number;
  /** Turns are coming by themselves. */
  auto: AutoTurn | null;
  /** Who speaks next; `None` where the whole table answers. */
  next: NextVoice | null;
}

export interface SceneListParams {
  language: Language;
}

/** One person of a scene, as a seal shows them. */
export interface SceneFace {
  name: Name;
  dye: Dye;
}

/** What is seen of a scene before it is opened; its cover is drawn by the page. */
export interface Scene {
  id: Id;
  title: Name;
  line: Line;
  faces: SceneFace[];
  narrator: NarratorKind;
}

/** In the order in which they are shown; the first is the one that is found set up. */
export interface Scenes {
  scenes: Scene[];
}

export interface SceneOpenParams {
  scene_id: Id;
  language: Language;
  provider?: Id;
  model?: Name;
}

/** What to look for and where; everything left out is everywhere. */
export interface SearchParams {
  text: Key;
  room_id?: Id | null;
  /** Only on the path that the room shows; says nothing without a room. */
  on_path?: boolean;
  /** A name as it was spoken. */
  author?: Name | null;
  kinds?: AuthorKind[];
  since?: Moment | null;
  /** Up to and without. */
  until?: Moment | null;
  /** From the page before. */
  before?: Position | null;
  limit?: number;
}

export interface AroundParams {
  message_id: Id;
  limit?: number;
}

/** A message with its neighbours, oldest first, on a path that leads through it. */
export interface MessagesAround {
  room_id: string;
  /** A branch on whose path it stands: the one that is shown, if it stands there. */
  branch_id: string;
  /** Whether the room shows a path that leads through it. */
  on_path: boolean;
  messages: Message[];
  has_older: boolean;
  has_newer: boolean;
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

/** A room in which something was found. */
export interface FoundRoom {
  id: string;
  title: string;
}

/** A page of hits, the newest first. */
export interface SearchFound {
  hits: SearchHit[];
  /**
   * Ask with this to go on; `None` if there is no more. A page may hold fewer hits than were
   * asked for, or none, and still have more behind it: the work of one call is bounded.
   */
  before: number | null;
  /** The rooms of the hits, in the order of the first hit in each. */
  rooms: FoundRoom[];
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
  base_url: Key;
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

/** How the book is set on the screen. */
export interface BookLook {
  /** Per cent, beside the size of all reading. */
  size: number;
  width: "narrow" | "normal" | "wide";
  serif: boolean;
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
  /** Where the library lies; empty: the usual place. Changed by `library.choose_folder` only. */
  library_path: string;
  servers: Server[];
  panes: Panes;
  /** A locked profile locks itself after so many minutes without the person; 0: never. */
  lock_after_min: number;
  book_style: "novel" | "markdown";
  book_look: BookLook;
  reading: Reading;
  speech: Speech;
  /** Make a backup each day by itself; those before a migration or an import are always made. */
  backups: boolean;
  /** Of how many days each one is kept; four weeks and twelve months are kept besides. */
  backup_days: number;
}

/** How somebody sounds. An empty name: a voice of the story's language. */
export interface SpokenVoice {
  name: Name;
  /** Per cent of the voice's own. */
  speed: Speed;
  pitch: Pitch;
}

/** How the story is read aloud. */
export interface Speech {
  way: SpeechWay;
  /**
   * A program of the person's own; empty: the one the system has. Changed by
   * `speech.choose_program` and `speech.forget_program` only.
   */
  program: string;
  /**
   * For the person's own program, where `{voice}`, `{language}`, `{speed}` and `{pitch}`
   * stand for what is asked for. The text comes by stdin.
   */
  arguments: Key[];
  /** The id of a server that speaks OpenAI's `/audio/speech`. */
  server: string;
  server_model: Name;
  /** Of the narrator, and of everyone without a voice of their own. */
  voice: SpokenVoice;
  /** Of narration only what stands in quotation marks. */
  quotes_only: boolean;
  skip_actions: boolean;
  narrator: boolean;
}

export interface SystemVoice {
  /** As it is asked for. */
  name: string;
  label: string;
  /** As `ko` or `ko-KR`; may be empty. */
  language: string;
}

/** What a program of this machine can do; `program` is empty where there is none. */
export interface SpeechVoices {
  program: string;
  /** The person's own choice, whose voices are not known. */
  own: boolean;
  voices: SystemVoice[];
}

/** One sentence. */
export interface Spoken {
  text: SpokenText;
  language?: string;
  voice?: SpokenVoice;
}

export interface SayParams {
  /** Chosen by the page, so that it knows which events are its own. */
  speech_id: Id;
  sentences: Spoken[];
}

export interface StopParams {
  /** Left out: whatever is being said. */
  speech_id?: Id | null;
}

/** A sentence as sound. */
export interface SpeechAudio {
  kind: "audio/wav" | "audio/mpeg" | "audio/ogg" | "audio/flac";
  base64: string;
}

export interface SpeechProgress {
  speech_id: string;
  /** Of the sentence, from 0. */
  index: number;
  state: SpeechState;
  problem: Problem | null;
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

export interface TransferFormat {
  id: string;
  suffixes: string[];
  reads: boolean;
  writes: boolean;
  lossless: boolean;
  /** Of `rooms messages context branches usage dice slots library pictures`. */
  holds: string[];
}

export interface TransferFormats {
  formats: TransferFormat[];
}

/** The system's dialog asks where to; without an answer there is no job. */
export interface ExportParams {
  format?: Name;
  scope?: ExportScope;
  /** For `room` exactly one; for `all` none. Rooms in the trash only go when named. */
  room_ids?: Id[];
  branches?: ExportBranches;
  /**
   * What was said, with all that belongs to it; without them rooms are told by their stage, and
   * by their `usage` where that is wanted.
   */
  messages?: boolean;
  /** The stage of each room. */
  context?: boolean;
  usage?: boolean;
  library?: boolean;
  pictures?: boolean;
  since?: Moment | null;
  /** From and up to, without that moment itself; the page turns local time into it. */
  until?: Moment | null;
  /** Locks the file in the age format; empty leaves it open. */
  passphrase?: LoreId;
}

/** A piece of a file that was dropped onto the page; the first has no token yet. */
export interface DropParams {
  token?: MaybeId;
  name?: string;
  /** At most a megabyte, as base64. */
  data?: string;
  last?: boolean;
}

/** A file that was chosen or dropped, by a token; the page never learns or names its place. */
export interface IncomingFile {
  /** Empty if the person would rather not. */
  token: string;
  name: string;
  size: number;
  /** Empty while a dropped file is not whole yet, and while it is locked. */
  format: string;
  /** Locked in the age format: its passphrase is needed first. */
  sealed: boolean;
}

export interface TokenParams {
  token: Id;
}

export interface UnsealParams {
  token: Id;
  passphrase: LoreId;
}

export interface ImportParams {
  token: Id;
  /**
   * `new` only ever makes rooms; `merge` lets a room go on with what the file says, as a
   * branch of its own.
   */
  mode?: ImportMode;
  /** The room that goes on, for `merge`; the file must hold one room then. */
  room_id?: MaybeId;
  /** What to do with messages that the room has already. */
  duplicates?: Duplicates;
  /** Take library entries too; they never replace any. */
  library?: boolean;
}

export interface TransferCounts {
  rooms: number;
  messages: number;
  turns: number;
  branches: number;
  slots: number;
  rolls: number;
  library: number;
  pictures: number;
}

/** Something that was not taken as it stands. */
export interface ReceiptLine {
  fate: "changed" | "dropped";
  /** A `TransferRemarkCode` or one of the format's own. */
  code: string;
  /** Of the first of them: its room, message or member. */
  where: string;
  count: number;
}

export interface ReceiptRoom {
  id: string;
  title: string;
  messages: number;
}

/** What a file held and what became of it. */
export interface Receipt {
  id: string;
  file: string;
  format: string;
  at: UtcMs;
  found: TransferCounts;
  kept: TransferCounts;
  /** The most frequent first. */
  lines: ReceiptLine[];
  /** The first hundred of them. */
  rooms: ReceiptRoom[];
  mode: ImportMode;
  /** Only looked at: nothing was stored. */
  dry_run: boolean;
  undone_at: UtcMs | null;
}

/** The newest first. */
export interface Receipts {
  receipts: Receipt[];
}

export interface ReceiptParams {
  receipt_id: Id;
}

/** Something that takes its time; its end is told by `transfer_ended`. */
export interface TransferJob {
  id: string;
  kind: TransferKind;
  state: TransferState;
  /** Its name without the folder. */
  file: string;
  format: string;
  rooms_done: number;
  rooms_total: number;
  turns_done: number;
  turns_total: number;
  messages_done: number;
  /** Totals are 0 while they are not known; an import goes by `share`. */
  messages_total: number;
  /** How much is done, from 0 to 1. */
  share: number;
  seconds_left: number | null;
  /** Bytes written, or of the file that is read. */
  size: number;
  /** Of a preview or an import, at its end. */
  receipt: Receipt | null;
  problem: Problem | null;
  fault: FileFault | null;
  /** The place in the file that the fault is about. */
  where: string;
}

export interface TransferStarted {
  /** `None` if the person closed the dialog. */
  job: TransferJob | null;
}

export interface TransferJobParams {
  job_id: Id;
}

/** Those that are running. */
export interface TransferJobs {
  jobs: TransferJob[];
}

/**
 * Tokens as in `Usage`, added up over `turns` answers.
 *
 * `estimated` of the turns were counted by us and not by the vendor; `cost_usd` is what the
 * `priced` turns came to, `None` where no vendor told a price.
 */
export interface UsageSum {
  turns: number;
  estimated: number;
  priced: number;
  input: number;
  cache_read: number;
  cache_write: number;
  output: number;
  reasoning: number;
  cost_usd: number | null;
}

/** One model of one provider; `model` as the provider calls what answered. */
export interface WayUsage {
  provider: string;
  model: string;
  today: UsageSum;
  all: UsageSum;
}

/**
 * One who speaks. A turn of several speakers is shared out by the length of their texts in
 * characters, input and cost too; the shares of a turn add up to the turn exactly.
 */
export interface SpeakerUsage {
  kind: SpeakerKind;
  /** A character's id; the name of a speaker who has none; empty for the others. */
  author: string;
  /** As it was spoken last. */
  name: string;
  today: UsageSum;
  all: UsageSum;
}

/** One room, whatever was cleared in it. */
export interface RoomUsage {
  room_id: string;
  title: string;
  today: UsageSum;
  all: UsageSum;
}

/**
 * Since the conversation was last cleared; `today` is the local calendar day.
 *
 * Turns that were deleted, hidden or left in other branches count: they were used. A room that
 * is deleted for good takes its numbers with it.
 */
export interface UsageSums {
  /**
   * Empty: all rooms together, whatever was cleared in them. Their `speakers` are told by
   * name: who has the same one in several rooms is counted as one, and `author` is that name.
   */
  room_id: string;
  today: UsageSum;
  all: UsageSum;
  /** The most used first. */
  ways: WayUsage[];
  speakers: SpeakerUsage[];
  /** Of all rooms together only; the most used first. */
  rooms: RoomUsage[];
}

export interface UsageParams {
  /** All rooms when left out. */
  room_id?: MaybeId;
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
  | AutoChanged
  | NextChanged
  | ProviderChecked
  | ProvidersChanged
  | SettingsChanged
  | LibraryChanged
  | TransferProgressed
  | TransferEnded
  | SummaryChanged
  | ChaptersChanged
  | BookProgressed
  | ProfileConverting
  | ProfileDamaged
  | SpeechChanged
  | ProblemRaised;

export type Contents =
  | TextContents
  | PersonaContents
  | CharacterContents
  | StageContents
  | LoreContents;

export type EventType = AnyEvent["type"];

/** What the page may ask for. */
export interface Methods {
  "app.open": { params: OpenParams; result: Opened };
  "app.report": { params: ReportParams; result: Reported };
  "room.open": { params: RoomParams; result: RoomView };
  "room.prepare": { params: RoomParams; result: Nothing };
  "room.create": { params: RoomCreateParams; result: RoomView };
  "room.from_preset": { params: RoomFromPresetParams; result: RoomView };
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
  "message.around": { params: AroundParams; result: MessagesAround };
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
  "dice.roll": { params: DiceParams; result: Rolled };
  "dice.verify": { params: RoomParams; result: DiceVerified };
  "search.find": { params: SearchParams; result: SearchFound };
  "session.reset": { params: SessionResetParams; result: SessionsReset };
  "turn.send": { params: SendParams; result: Sent };
  "turn.again": { params: AgainParams; result: Sent };
  "turn.continue": { params: VoiceParams; result: Sent };
  "turn.stop": { params: TurnParams; result: Nothing };
  "provider.check": { params: CheckParams; result: Nothing };
  "provider.models": { params: ModelsParams; result: ModelList };
  "provider.test": { params: TrialParams; result: Trial };
  "provider.choose_path": { params: ProviderParams; result: ProviderStatus };
  "provider.forget_path": { params: ProviderParams; result: ProviderStatus };
  "key.set": { params: KeyParams; result: Nothing };
  "key.delete": { params: ProviderParams; result: Nothing };
  "app.diagnose": { params: Nothing; result: Diagnosis };
  "book.contents": { params: BookParams; result: BookContents };
  "book.page": { params: BookPageParams; result: BookPage };
  "book.text": { params: BookTextParams; result: BookText };
  "book.chapter_add": { params: ChapterAddParams; result: BookContents };
  "book.chapter_name": { params: ChapterNameParams; result: BookContents };
  "book.chapter_delete": { params: ChapterParams; result: BookContents };
  "book.save": { params: BookSaveParams; result: BookSaved };
  "book.stop": { params: BookParams; result: Nothing };
  "auto.start": { params: VoiceParams; result: Nothing };
  "auto.stop": { params: AutoRoomParams; result: Nothing };
  "voice.choose": { params: VoiceParams; result: Nothing };
  "library.list": { params: Nothing; result: LibraryList };
  "library.read": { params: EntryParams; result: EntryRead };
  "library.save": { params: EntrySaveParams; result: EntrySaved };
  "library.rename": { params: EntryRenameParams; result: LibraryEntry };
  "library.delete": { params: EntryParams; result: LibraryTrashed };
  "library.restore": { params: TrashParams; result: LibraryEntry };
  "library.apply": { params: ApplyParams; result: Applied };
  "library.keep": { params: KeepParams; result: EntrySaved };
  "library.choose_folder": { params: Nothing; result: LibraryList };
  "library.usual_folder": { params: Nothing; result: LibraryList };
  "library.find": { params: LibraryFindParams; result: LibraryFound };
  "library.git_status": { params: Nothing; result: GitStatus };
  "library.git_init": { params: GitInitParams; result: GitStatus };
  "library.git_sync": { params: Nothing; result: GitSynced };
  "rules.read": { params: Nothing; result: Rules };
  "rules.save": { params: RulesSaveParams; result: RulesSaved };
  "usage.read": { params: UsageParams; result: UsageSums };
  "profile.list": { params: Nothing; result: Profiles };
  "profile.create": { params: ProfileCreateParams; result: ProfileMade };
  "profile.rename": { params: ProfileLabelParams; result: Profiles };
  "profile.delete": { params: ProfileDeleteParams; result: Profiles };
  "profile.restore": { params: ProfileParams; result: Profiles };
  "profile.open": { params: ProfileOpenParams; result: Profiles };
  "profile.lock": { params: Nothing; result: Profiles };
  "profile.protect": { params: ProtectParams; result: ProfileMade };
  "profile.unprotect": { params: PasswordParams; result: Profiles };
  "profile.password": { params: PasswordChangeParams; result: Profiles };
  "profile.recovery": { params: PasswordParams; result: ProfileMade };
  "profile.remember": { params: RememberParams; result: Profiles };
  "scene.list": { params: SceneListParams; result: Scenes };
  "scene.open": { params: SceneOpenParams; result: RoomView };
  "transfer.formats": { params: Nothing; result: TransferFormats };
  "transfer.export": { params: ExportParams; result: TransferStarted };
  "transfer.choose": { params: Nothing; result: IncomingFile };
  "transfer.drop": { params: DropParams; result: IncomingFile };
  "transfer.choose_folder": { params: Nothing; result: IncomingFile };
  "transfer.unseal": { params: UnsealParams; result: IncomingFile };
  "transfer.let_go": { params: TokenParams; result: Nothing };
  "transfer.preview": { params: ImportParams; result: TransferStarted };
  "transfer.import": { params: ImportParams; result: TransferStarted };
  "transfer.stop": { params: TransferJobParams; result: Nothing };
  "transfer.jobs": { params: Nothing; result: TransferJobs };
  "transfer.receipts": { params: Nothing; result: Receipts };
  "transfer.undo": { params: ReceiptParams; result: Receipt };
  "backup.list": { params: Nothing; result: Backups };
  "backup.make": { params: Nothing; result: Backups };
  "backup.test": { params: BackupParams; result: BackupTested };
  "backup.restore": { params: BackupParams; result: TransferStarted };
  "backup.replace": { params: BackupParams; result: Replaced };
  "backup.open_folder": { params: Nothing; result: Nothing };
  "rescue.look": { params: Nothing; result: Rescue };
  "rescue.restore": { params: RescueParams; result: Rescued };
  "rescue.salvage": { params: Nothing; result: Rescued };
  "rescue.fresh": { params: Nothing; result: Rescued };
  "card.choose": { params: CardChooseParams; result: CardTaken };
  "card.paste": { params: CardPasteParams; result: CardTaken };
  "card.save": { params: CardSaveParams; result: CardSaved };
  "card.copy": { params: CardCopyParams; result: CardCopied };
  "picture.choose": { params: Nothing; result: PictureSource };
  "picture.drop": { params: PictureDropParams; result: PictureSource };
  "picture.crop": { params: PictureCropParams; result: Picture };
  "picture.let_go": { params: PictureTokenParams; result: Nothing };
  "picture.read": { params: PictureReadParams; result: PicturesRead };
  "turn.prompt": { params: PromptParams; result: TurnPrompt };
  "lore.test": { params: LoreTestParams; result: LoreTested };
  "summary.read": { params: SummaryParams; result: SummaryState };
  "summary.make": { params: SummaryParams; result: SummaryState };
  "summary.stop": { params: SummaryParams; result: SummaryState };
  "summary.save": { params: SummarySaveParams; result: SummaryState };
  "summary.delete": { params: SummaryParams; result: SummaryState };
  "room.days": { params: DaysParams; result: StoryDays };
  "lore.used": { params: LoreUsedParams; result: LoreUsed };
  "speech.voices": { params: Nothing; result: SpeechVoices };
  "speech.say": { params: SayParams; result: Nothing };
  "speech.stop": { params: StopParams; result: Nothing };
  "speech.audio": { params: Spoken; result: SpeechAudio };
  "speech.choose_program": { params: Nothing; result: SpeechVoices };
  "speech.forget_program": { params: Nothing; result: SpeechVoices };
  "app.notices": { params: Nothing; result: ThirdParties };
  "settings.change": { params: SettingsParams; result: Settings };
}

export type MethodName = keyof Methods;

export const DEFAULT_STAGE: Stage = {
  language: "ko",
  world: "",
  situation: "",
  me: { name: "", description: "", picture: "" },
  narrator: { kind: "ai", level: "moderate", drive: "guide", description: "", provider: "", model: "" },
  characters: [],
  provider: "storyteller",
  model: "",
  window: 30,
  retention: false,
  conversation: "table",
  choices: null,
  dice: true,
  output: "normal",
  pace: "normal",
  separation: false,
  answering: "ensemble",
  next_by: "mention",
  auto_delay_s: 2,
  auto_limit: 10,
  lorebooks: [],
  summary: "request",
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
  library_path: "",
  servers: [],
  panes: { stage_open: true, book_open: true, stage_width: null, book_width: null },
  lock_after_min: 10,
  book_style: "novel",
  book_look: { size: 100, width: "normal", serif: true },
  reading: { size: 100, spacing: "normal", bubbles: "bubble", serif: true, wet_ink: true, motion: "system", tokens: true },
  speech: {
    way: "auto",
    program: "",
    arguments: [],
    server: "",
    server_model: "",
    voice: { name: "", speed: 100, pitch: 100 },
    quotes_only: false,
    skip_actions: true,
    narrator: true,
  },
  backups: true,
  backup_days: 7,
};

/** Limits the program checks, by struct and field. */
export const BOUNDS = {
  "NextVoice.voice": { maxLength: 4300, pattern: "^[A-Za-z0-9_@+-]*$" },
  "VoiceParams.voice": { maxLength: 4300, pattern: "^[A-Za-z0-9_@+-]*$" },
  "BackupParams.backup_id": { minLength: 1, maxLength: 80, pattern: "^[0-9][0-9A-Za-z_.-]*$" },
  "BookPageParams.start": { min: 0, max: 9007199254740991 },
  "BookPageParams.before": { min: 0, max: 9007199254740991 },
  "BookPageParams.limit": { min: 1, max: 200 },
  "ChapterAddParams.name": { maxLength: 200 },
  "ChapterNameParams.name": { maxLength: 200 },
  "BookOptions.branch_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "BookTextParams.chapter_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "CardChooseParams.me": { maxLength: 200 },
  "CardPasteParams.text": { maxLength: 1000000 },
  "CardPasteParams.me": { maxLength: 200 },
  "CardTaken.situation": { maxLength: 200000 },
  "CardSaveParams.situation": { maxLength: 200000 },
  "ReportParams.message": { maxLength: 2000 },
  "ReportParams.stack": { maxLength: 20000 },
  "SealedRoll.hash": { pattern: "^[0-9a-f]{64}$" },
  "TextContents.text": { maxLength: 200000 },
  "EntryParams.file": { minLength: 1, maxLength: 255 },
  "EntrySaveParams.name": { minLength: 1, maxLength: 200 },
  "EntrySaveParams.file": { maxLength: 255 },
  "EntrySaveParams.stamp": { maxLength: 64 },
  "EntryRenameParams.file": { minLength: 1, maxLength: 255 },
  "EntryRenameParams.name": { minLength: 1, maxLength: 200 },
  "ApplyParams.file": { minLength: 1, maxLength: 255 },
  "ApplyParams.character_id": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "ApplyParams.replaces": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "KeepParams.name": { minLength: 1, maxLength: 200 },
  "KeepParams.character_id": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "Rules.text": { maxLength: 200000 },
  "RulesSaveParams.text": { maxLength: 200000 },
  "RulesSaveParams.stamp": { maxLength: 64 },
  "GitInitParams.remote": { maxLength: 2000 },
  "LibraryFindParams.text": { maxLength: 500 },
  "LibraryFindParams.limit": { min: 1, max: 100 },
  "RoomFromPresetParams.title": { maxLength: 200 },
  "RoomFromPresetParams.file": { minLength: 1, maxLength: 255 },
  "LoreUsedParams.book": { minLength: 1, maxLength: 255 },
  "LoreUsedParams.entry_id": { maxLength: 1000 },
  "Entry.id": { maxLength: 1000 },
  "Entry.name": { maxLength: 200 },
  "Entry.content": { maxLength: 200000 },
  "Entry.keys": { maxLength: 10000 },
  "Entry.secondary_keys": { maxLength: 10000 },
  "Entry.order": { min: -9007199254740991, max: 9007199254740991 },
  "Entry.priority": { min: -9007199254740991, max: 9007199254740991 },
  "Entry.probability": { min: 0, max: 100 },
  "Entry.sticky": { min: 0, max: 10000 },
  "Entry.cooldown": { min: 0, max: 10000 },
  "Entry.delay": { min: 0, max: 10000 },
  "Entry.scan_depth": { min: 0, max: 10000 },
  "Entry.depth": { min: 0, max: 10000 },
  "Entry.group": { maxLength: 200 },
  "Entry.weight": { min: 1, max: 10000 },
  "Entry.visibility": { maxLength: 1000 },
  "Entry.extensions": { maxLength: 10000 },
  "Lorebook.id": { maxLength: 1000 },
  "Lorebook.name": { maxLength: 200 },
  "Lorebook.description": { maxLength: 200000 },
  "Lorebook.scan_depth": { min: 0, max: 10000 },
  "Lorebook.token_budget": { min: 0, max: 10000 },
  "Lorebook.entries": { maxLength: 100000 },
  "Lorebook.extensions": { maxLength: 10000 },
  "RoomCreateParams.title": { maxLength: 200 },
  "RoomRenameParams.title": { minLength: 1, maxLength: 200 },
  "RoomDuplicateParams.title": { minLength: 1, maxLength: 200 },
  "RoomOrderParams.room_ids": { maxLength: 10000 },
  "RoomListParams.query": { maxLength: 200 },
  "DraftParams.text": { maxLength: 200000 },
  "PageParams.before": { min: 0, max: 9007199254740991 },
  "PageParams.limit": { min: 1, max: 200 },
  "PageParams.branch_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "SendParams.text": { minLength: 1, maxLength: 100000 },
  "SendParams.voice": { maxLength: 4300, pattern: "^[A-Za-z0-9_@+-]*$" },
  "AgainParams.message_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "AgainParams.direction": { maxLength: 2000 },
  "EditParams.text": { maxLength: 200000 },
  "SwitchParams.to": { min: 1, max: 1000000 },
  "ForkParams.name": { maxLength: 200 },
  "BranchNameParams.name": { maxLength: 200 },
  "SlotSaveParams.name": { minLength: 1, maxLength: 200 },
  "SlotNameParams.name": { minLength: 1, maxLength: 200 },
  "SessionResetParams.room_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "CheckParams.provider_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "TrialParams.model": { maxLength: 200 },
  "KeyParams.key": { minLength: 1, maxLength: 4096 },
  "Persona.name": { maxLength: 200 },
  "Persona.description": { maxLength: 200000 },
  "Persona.picture": { maxLength: 32, pattern: "^([0-9a-f]{32})?$" },
  "Narrator.description": { maxLength: 200000 },
  "Narrator.provider": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "Narrator.model": { maxLength: 200 },
  "Relation.to": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "Relation.text": { maxLength: 2000 },
  "Secret.text": { maxLength: 200000 },
  "Secret.known_by": { maxLength: 65 },
  "Character.name": { minLength: 1, maxLength: 200 },
  "Character.aliases": { maxLength: 1000 },
  "Character.line": { maxLength: 2000 },
  "Character.description": { maxLength: 200000 },
  "Character.speech": { maxLength: 200000 },
  "Character.examples": { maxLength: 40 },
  "Character.relations": { maxLength: 65 },
  "Character.secrets": { maxLength: 40 },
  "Character.provider": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "Character.model": { maxLength: 200 },
  "Character.picture": { maxLength: 32, pattern: "^([0-9a-f]{32})?$" },
  "Character.card": { maxLength: 32, pattern: "^([0-9a-f]{32})?$" },
  "Stage.world": { maxLength: 200000 },
  "Stage.situation": { maxLength: 200000 },
  "Stage.characters": { maxLength: 64 },
  "Stage.model": { maxLength: 200 },
  "Stage.window": { min: 5, max: 1000 },
  "Stage.choices": { min: 2, max: 5 },
  "Stage.auto_delay_s": { min: 0, max: 60 },
  "Stage.auto_limit": { min: 1, max: 1000 },
  "Stage.lorebooks": { maxLength: 32 },
  "Room.title": { maxLength: 200 },
  "Turn.voice": { maxLength: 4300, pattern: "^[A-Za-z0-9_@+-]*$" },
  "PictureDropParams.token": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "PictureDropParams.data": { maxLength: 1400000 },
  "PictureCropParams.x": { min: 0, max: 100000 },
  "PictureCropParams.y": { min: 0, max: 100000 },
  "PictureCropParams.side": { min: 1, max: 100000 },
  "PictureReadParams.ids": { maxLength: 64 },
  "ProfileParams.profile_id": { minLength: 1, maxLength: 32, pattern: "^[0-9a-z]+$" },
  "ProfileCreateParams.label": { maxLength: 40 },
  "ProfileCreateParams.password": { minLength: 8, maxLength: 1000 },
  "ProfileLabelParams.profile_id": { minLength: 1, maxLength: 32, pattern: "^[0-9a-z]+$" },
  "ProfileLabelParams.label": { maxLength: 40 },
  "ProfileDeleteParams.profile_id": { minLength: 1, maxLength: 32, pattern: "^[0-9a-z]+$" },
  "ProfileOpenParams.profile_id": { minLength: 1, maxLength: 32, pattern: "^[0-9a-z]+$" },
  "ProfileOpenParams.password": { minLength: 1, maxLength: 1000 },
  "ProfileOpenParams.recovery": { minLength: 1, maxLength: 1000 },
  "PasswordParams.password": { minLength: 1, maxLength: 1000 },
  "ProtectParams.password": { minLength: 8, maxLength: 1000 },
  "PasswordChangeParams.password": { minLength: 1, maxLength: 1000 },
  "PasswordChangeParams.fresh": { minLength: 8, maxLength: 1000 },
  "LoreTestParams.text": { maxLength: 100000 },
  "LoreTestParams.files": { maxLength: 32 },
  "LoreTestParams.room_id": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "SummarySaveParams.text": { minLength: 1, maxLength: 40000 },
  "Replaced.kept": { minLength: 1, maxLength: 80, pattern: "^[0-9][0-9A-Za-z_.-]*$" },
  "RescueParams.backup_id": { minLength: 1, maxLength: 80, pattern: "^[0-9][0-9A-Za-z_.-]*$" },
  "DiceParams.text": { minLength: 1, maxLength: 100000 },
  "SceneFace.name": { maxLength: 200 },
  "Scene.title": { maxLength: 200 },
  "Scene.line": { maxLength: 2000 },
  "SceneOpenParams.model": { maxLength: 200 },
  "SearchParams.text": { maxLength: 500 },
  "SearchParams.room_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "SearchParams.author": { maxLength: 200 },
  "SearchParams.kinds": { maxLength: 10 },
  "SearchParams.since": { min: 0, max: 9007199254740991 },
  "SearchParams.until": { min: 0, max: 9007199254740991 },
  "SearchParams.before": { min: 0, max: 9007199254740991 },
  "SearchParams.limit": { min: 1, max: 100 },
  "AroundParams.limit": { min: 1, max: 200 },
  "Panes.stage_width": { min: 240, max: 600 },
  "Panes.book_width": { min: 300, max: 900 },
  "Server.name": { maxLength: 200 },
  "Server.base_url": { maxLength: 500 },
  "Server.model": { maxLength: 200 },
  "Reading.size": { min: 80, max: 160 },
  "BookLook.size": { min: 80, max: 160 },
  "Settings.first_text_timeout_s": { min: 5, max: 600 },
  "Settings.idle_timeout_s": { min: 5, max: 600 },
  "Settings.turn_timeout_s": { min: 30, max: 3600 },
  "Settings.warm_lanes": { min: 0, max: 8 },
  "Settings.provider_paths": { maxLength: 100 },
  "Settings.library_path": { maxLength: 4096 },
  "Settings.servers": { maxLength: 40 },
  "Settings.lock_after_min": { min: 0, max: 240 },
  "Settings.backup_days": { min: 1, max: 60 },
  "SpokenVoice.name": { maxLength: 200 },
  "SpokenVoice.speed": { min: 50, max: 200 },
  "SpokenVoice.pitch": { min: 50, max: 150 },
  "Speech.program": { maxLength: 4096 },
  "Speech.arguments": { maxLength: 40 },
  "Speech.server": { maxLength: 64 },
  "Speech.server_model": { maxLength: 200 },
  "Spoken.text": { minLength: 1, maxLength: 4000 },
  "Spoken.language": { maxLength: 35, pattern: "^[A-Za-z0-9-]*$" },
  "SayParams.sentences": { minLength: 1, maxLength: 5000 },
  "StopParams.speech_id": { minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9_-]+$" },
  "ExportParams.format": { maxLength: 200 },
  "ExportParams.room_ids": { maxLength: 10000 },
  "ExportParams.since": { min: 0, max: 9007199254740991 },
  "ExportParams.until": { min: 0, max: 9007199254740991 },
  "ExportParams.passphrase": { maxLength: 1000 },
  "DropParams.token": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "DropParams.name": { maxLength: 255 },
  "DropParams.data": { maxLength: 1400000 },
  "UnsealParams.passphrase": { maxLength: 1000 },
  "ImportParams.room_id": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
  "UsageParams.room_id": { maxLength: 64, pattern: "^[A-Za-z0-9_-]*$" },
} as const;
