/** How each kind of the library looks, and what a new entry of it begins with. */
import Contact from '@lucide/svelte/icons/contact';
import Globe from '@lucide/svelte/icons/globe';
import Layers from '@lucide/svelte/icons/layers';
import MapPin from '@lucide/svelte/icons/map-pin';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import { DEFAULT_STAGE, type Contents, type LibraryKind } from '../../bridge/protocol.gen';
import type { Language } from '../../i18n/catalogue';
import { blankBook, freshId } from '../../state/lore.svelte';

export const ICONS: Record<LibraryKind, Component> = {
  preset: Layers as Component,
  world: Globe as Component,
  situation: MapPin as Component,
  my_character: UserRound as Component,
  character_template: Users as Component,
  npc: Contact as Component,
  lorebook: ScrollText as Component,
};

export function blank(kind: LibraryKind, name: string, language: Language): Contents {
  switch (kind) {
    case 'world':
    case 'situation':
    case 'npc':
      return { type: 'text', text: '' };
    case 'my_character':
      return { type: 'persona', persona: { name, description: '', picture: '' } };
    case 'character_template':
      return {
        type: 'character',
        character: {
          id: freshId(),
          name,
          aliases: [],
          line: '',
          description: '',
          speech: '',
          examples: [],
          relations: [],
          secrets: [],
          dye: 'jjok',
          enabled: true,
          provider: '',
          model: '',
          voice: { name: '', speed: 100, pitch: 100 },
          picture: '',
          card: '',
        },
      };
    case 'preset':
      return { type: 'stage', stage: { ...DEFAULT_STAGE, language } };
    case 'lorebook':
      return { type: 'lore', book: blankBook(name) };
  }
}

/** One line that tells what an entry holds. */
export function gist(contents: Contents | undefined): string {
  switch (contents?.type) {
    case 'text':
      return contents.text.trim();
    case 'persona':
      return contents.persona.description.trim();
    case 'character':
      return (contents.character.line || contents.character.description).trim();
    case 'stage':
      return (contents.stage.situation || contents.stage.world).trim();
    case 'lore':
      return contents.book.description.trim();
    case undefined:
      return '';
  }
}
