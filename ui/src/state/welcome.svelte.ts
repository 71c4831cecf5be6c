/** The first page: which scene, which AI, and the way to the table. */
import { problemOf } from '../bridge/bridge';
import type { Language, Provider, Scene } from '../bridge/protocol.gen';
import type { AppState } from './app.svelte';
import { groupOf } from './connecting.svelte';

export class WelcomeState {
  scenes: Scene[] = $state.raw([]);
  sceneId = $state('');
  /** What somebody chose; until then the best that is ready. */
  wish = $state('');
  opening = $state(false);

  #asked = 0;

  constructor(private readonly app: AppState) {}

  get scene(): Scene | undefined {
    return this.scenes.find(({ id }) => id === this.sceneId) ?? this.scenes[0];
  }

  /** Programs whatever their state, other ways if they stand ready, practice always and last. */
  get offered(): Provider[] {
    const rank = (each: Provider): number =>
      each.capabilities.is_practice ? 2 : this.isReady(each.id) ? 0 : 1;
    return this.app.providers.list
      .filter((each) => {
        const group = groupOf(each);
        return group === 'program' || group === 'practice' || this.isReady(each.id);
      })
      .sort((a, b) => rank(a) - rank(b));
  }

  get provider(): string {
    if (this.wish && this.canUse(this.wish)) return this.wish;
    const first = this.offered.find((each) => this.isReady(each.id));
    return first?.id ?? '';
  }

  isReady(id: string): boolean {
    const practice = this.app.providers.find(id)?.capabilities.is_practice;
    return practice === true || this.app.providers.statuses[id]?.state === 'ready';
  }

  /** One that is installed may turn out to be signed out only when it is asked. */
  canUse(id: string): boolean {
    return this.isReady(id) || this.app.providers.statuses[id]?.state === 'installed';
  }

  /** The scenes in that language; the newest wish wins. */
  async load(language: Language): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { scenes } = await this.app.connection.call('scene.list', { language });
      if (asked === this.#asked) this.scenes = scenes;
    } catch (error) {
      this.app.notices.show({ kind: 'problem', problem: problemOf(error) });
    }
  }

  async begin(): Promise<void> {
    const { scene, app } = this;
    if (!scene || this.opening) return;
    this.opening = true;
    const stands = await app.rooms.openScene(scene.id, app.settings.value.language, this.provider);
    this.opening = false;
    if (stands) this.leave();
  }

  /** A table with nobody at it yet, answered by what is chosen here. */
  async beginEmpty(): Promise<void> {
    const { app, provider } = this;
    const before = app.rooms.currentId;
    await app.rooms.create('', app.settings.value.language);
    if (app.rooms.currentId === before) return;
    if (provider && provider !== app.stage.value.provider) app.stage.edit({ provider, model: '' });
    this.leave();
  }

  leave(): void {
    this.app.frame.reveal('talk');
    this.app.composer.focus();
  }
}
