/** The formats of a book in the order in which they are offered. */
import Book from '@lucide/svelte/icons/book';
import FileText from '@lucide/svelte/icons/file-text';
import FileType from '@lucide/svelte/icons/file-type';
import Globe from '@lucide/svelte/icons/globe';
import Printer from '@lucide/svelte/icons/printer';
import Type from '@lucide/svelte/icons/type';
import type { Component } from 'svelte';
import type { BookFormat } from '../../bridge/protocol.gen';

export interface Offered {
  format: BookFormat;
  ending: string;
  Icon: Component<{ class?: string }>;
}

export const FORMATS: readonly Offered[] = [
  { format: 'markdown', ending: '.md', Icon: FileText },
  { format: 'text', ending: '.txt', Icon: Type },
  { format: 'html', ending: '.html', Icon: Globe },
  { format: 'epub', ending: '.epub', Icon: Book },
  { format: 'docx', ending: '.docx', Icon: FileType },
  { format: 'pdf', ending: '.pdf', Icon: Printer },
];
