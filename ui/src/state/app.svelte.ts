/** The whole state of the page: puts the parts together and hands each event to its part. */
import type { Bridge } from '../bridge/bridge';
import type { AnyEvent, Language, Opened, Path, RoomView } from '../bridge/protocol.gen';
import { createContext } from 'svelte';
import { AloudState } from './aloud.svelte';
import { BackupsState } from './backups.svelte';
import { BookState } from './book.svelte';
import { ComposerState } from './composer.svelte';
import { ExportingState } from './exporting.svelte';
import { ImportingState } from './importing.svelte';
import { ConnectingState } from './connecting.svelte';
import { Connection } from './connection.svelte';
import { FrameState } from './frame.svelte';
import { LibraryGitState } from './library_git.svelte';
import { LibrarySearchState } from './library_search.svelte';
import { LibraryState } from './library.svelte';
import { LookingBackState } from './looking_back.svelte';
import { LoreState } from './lore.svelte';
import { LoreTestState } from './lore_test.svelte';
import { Notices } from './notices.svelte';
import { PicturesState } from './pictures.svelte';
import { ProfilesState } from './profiles.svelte';
import { ProvidersState } from './providers.svelte';
import { PromptingState } from './prompting.svelte';
import { RescueState } from './rescue.svelte';
import { RollsState } from './rolls.svelte';
import { RoomsState } from './rooms.svelte';
import { RulesState } from './rules.svelte';
import { SearchState } from './search.svelte';
import { SettingsState } from './settings.svelte';
import { CardsState } from './cards.svelte';
import { BranchesState } from './branches.svelte';
import { StageState } from './stage.svelte';
import { StoryState } from './story.svelte';
import { TableState } from './table.svelte';
import { UsageState } from './usage.svelte';
import { VoicesState } from './voices.svelte';
import { WelcomeState } from './welcome.svelte';

export class AppState {
  readonly connection: Connection;
  readonly notices = new Notices();
  readonly settings: SettingsState;
  readonly providers: ProvidersState;
  readonly profiles: ProfilesState;
  readonly connecting: ConnectingState;
  readonly table: TableState;
  readonly rolls: RollsState;
  readonly stage: StageState;
  readonly cards: CardsState;
  readonly pictures: PicturesState;
  readonly composer: ComposerState;
  readonly rooms: RoomsState;
  readonly frame: FrameState;
  readonly story: StoryState;
  readonly branches: BranchesState;
  readonly usage: UsageState;
  readonly prompting: PromptingState;
  readonly book: BookState;
  readonly voices: VoicesState;
  readonly aloud: AloudState;
  /** Over every room, and on the path of the open one. */
  readonly search: SearchState;
  readonly finding: SearchState;
  readonly library: LibraryState;
  readonly lore: LoreState;
  readonly lookingBack: LookingBackState;
  readonly loreTest: LoreTestState;
  readonly libraryGit: LibraryGitState;
  /** From the palette, and on the library's own page. */
  readonly librarySearch: LibrarySearchState;
  readonly libraryFinding: LibrarySearchState;
  readonly rules: RulesState;
  readonly exporting: ExportingState;
  readonly importing: ImportingState;
  readonly welcome: WelcomeState;
  readonly backups: BackupsState;
  readonly rescue: RescueState;
  platform = $state('linux');
  version = $state('');

  constructor(bridge: Bridge) {
    this.connection = new Connection(bridge);
    this.settings = new SettingsState(this.connection, this.notices);
    this.providers = new ProvidersState(this.connection, this.notices);
    this.profiles = new ProfilesState(this.connection);
    this.connecting = new ConnectingState(this.connection, this.providers, this.settings);
    this.table = new TableState(this.connection);
    this.rolls = new RollsState(this.connection);
    this.stage = new StageState(this.connection, this.notices, (room) => this.rooms.told(room));
    this.cards = new CardsState(this.connection, this.notices, this.stage);
    this.pictures = new PicturesState(this.connection, this.notices);
    this.composer = new ComposerState(this.connection, this.table, this.stage);
    this.rooms = new RoomsState(
      this.connection,
      this.notices,
      (view) => this.#enter(view),
      () => this.#leave(),
    );
    this.frame = new FrameState(this.settings);
    this.story = new StoryState(this.connection, this.notices, this.table, (path) =>
      this.#turnTo(path),
    );
    this.branches = new BranchesState(this.connection, this.notices, (code) =>
      this.story.offer(code),
    );
    this.usage = new UsageState(this.connection);
    this.voices = new VoicesState(this.connection, this.notices);
    this.aloud = new AloudState(
      this.connection,
      this.notices,
      this.settings,
      this.table,
      this.stage,
    );
    this.prompting = new PromptingState(this.connection, this.notices);
    this.book = new BookState(this.connection, this.notices, this.table, (code, name) =>
      this.story.offer(code, name),
    );
    this.search = new SearchState(this, false);
    this.finding = new SearchState(this, true);
    this.library = new LibraryState(this);
    this.lore = new LoreState(this.library, this.notices);
    this.lookingBack = new LookingBackState(this.connection, this.notices);
    this.loreTest = new LoreTestState(this.connection);
    this.libraryGit = new LibraryGitState(this.connection, () => this.library.saveAll());
    this.librarySearch = new LibrarySearchState(this.connection, this.notices);
    this.libraryFinding = new LibrarySearchState(this.connection, this.notices);
    this.rules = new RulesState(this.connection);
    this.exporting = new ExportingState(this.connection, this.notices, this.rooms);
    this.importing = new ImportingState(this.connection, this.notices);
    this.welcome = new WelcomeState(this);
    this.rescue = new RescueState(this.connection, this.profiles);
    this.backups = new BackupsState(this.connection, this.notices, this.importing, () =>
      this.profiles.goOn(),
    );
  }

  open(language: Language): Promise<void> {
    return this.connection.open(
      language,
      (opened) => this.#start(opened),
      (event, last) => this.apply(event, last),
    );
  }

  /** Nothing typed may be lost when the window goes or another room comes. */
  keep(): void {
    this.composer.keep();
    void this.stage.save();
    void this.library.saveAll();
    void this.rules.save();
  }

  async report(error: unknown): Promise<void> {
    const found = error instanceof Error ? error : new Error(String(error));
    try {
      const { log_id } = await this.connection.call('app.report', {
        message: found.message.slice(0, 2_000),
        stack: (found.stack ?? '').slice(0, 20_000),
      });
      this.notices.show({ kind: 'bug', logId: log_id });
    } catch {
      this.notices.show({ kind: 'bug', logId: '' });
    }
  }

  /** `last` is the number of the batch; what the open room's snapshot holds is not told again. */
  apply(event: AnyEvent, last: number): void {
    if (last > this.table.since) this.#tellTable(event);
    this.book.told(event);
    this.prompting.heard(event);
    switch (event.type) {
      case 'room_changed':
        this.rooms.told(event.room);
        return this.stage.told(event.room);
      case 'room_deleted':
        return this.rooms.forgotten(event.room_id);
      case 'turn_started':
        if (this.frame.page === 'welcome') this.frame.page = 'table';
        return this.rooms.turnStarted(event.turn);
      case 'turn_ended':
        this.rooms.turnEnded(event.turn);
        this.rooms.told(event.room);
        this.branches.stale(event.room.id);
        this.aloud.turnEnded(event.turn);
        return this.composer.turnEnded(event.turn);
      case 'provider_checked':
        return this.providers.told(event.status);
      case 'providers_changed':
        return this.providers.start(event.providers, event.statuses);
      case 'settings_changed':
        return this.settings.told(event.settings);
      case 'path_changed':
        this.rooms.told(event.room);
        return this.branches.stale(event.room.id);
      case 'history_changed':
        this.story.told(event);
        return this.branches.stale(event.room_id);
      case 'problem_raised':
        return this.notices.show({ kind: 'problem', problem: event.problem });
      case 'profile_converting':
        this.profiles.converting = event;
        return;
      case 'profile_damaged':
        return this.profiles.goOn();
      case 'library_changed':
        if (this.rules.rules) void this.rules.look();
        return this.library.told(event.library);
      case 'auto_changed':
        return this.voices.autoChanged(event);
      case 'next_changed':
        return this.voices.nextChanged(event);
      case 'speech_changed':
        return this.aloud.told(event.progress);
      case 'transfer_progressed':
      case 'transfer_ended':
        this.exporting.told(event.job);
        return this.importing.told(event.job);
      case 'chapters_changed':
      case 'book_progressed':
      case 'message_added':
      case 'message_grew':
      case 'message_changed':
      case 'message_removed':
      case 'turn_noted':
      case 'summary_changed':
        return;
      default:
        return unknown(event);
    }
  }

  #tellTable(event: AnyEvent): void {
    switch (event.type) {
      case 'turn_started':
        return this.table.started(event.turn);
      case 'turn_noted':
        return this.table.noted(event);
      case 'turn_ended':
        return this.table.ended(event.turn, event.usage);
      case 'message_added':
        return this.table.added(event.message);
      case 'message_grew':
        return this.table.grew(event.message_id, event.text);
      case 'message_changed':
        return this.table.changed(event.message);
      case 'message_removed':
        return this.table.removed(event);
      case 'path_changed':
        return this.table.turnTo(event);
      default:
    }
  }

  #start(opened: Opened): void {
    this.platform = opened.platform;
    this.version = opened.version;
    this.settings.told(opened.settings);
    if (opened.profiles) this.profiles.told(opened.profiles);
    this.providers.start(opened.providers, opened.statuses);
    this.rooms.start(opened.rooms, opened.room);
    if (opened.first_start) this.frame.page = 'welcome';
  }

  #turnTo(path: Path): void {
    this.rooms.told(path.room);
    this.table.turnTo(path);
  }

  #enter(view: RoomView | null): void {
    this.table.show(view);
    this.aloud.entered(view?.room.id ?? '');
    this.voices.show(view);
    this.book.show(view?.room.id ?? '');
    this.story.show(view?.room.id ?? '');
    this.stage.show(view?.room ?? null);
    this.composer.show(view?.room ?? null);
    this.prompting.entered(view?.room.id ?? '');
  }

  #leave(): void {
    this.keep();
  }
}

/** The switch above is exhaustive; a newer program may still say what this page has not learnt. */
function unknown(event: never): void {
  console.warn('unknown event', event);
}

export const [getApp, setApp] = createContext<AppState>();
