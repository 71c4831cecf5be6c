/** Starts the page: finds its bridge and mounts the app. */
import { mount } from 'svelte';
import App from './App.svelte';
import type { Bridge } from './bridge/bridge';
import { connectPywebview } from './bridge/pywebview';
import type { Language, Problem, Theme } from './bridge/protocol.gen';
import './styles/index.css';

/** The in-page demo is only ever asked for by name; the window never does. */
async function connect(): Promise<Bridge> {
  const asked = new URLSearchParams(location.search);
  if (!asked.has('demo')) return connectPywebview();
  const { connectDemo } = await import('./bridge/demo');
  const theme = asked.get('theme') as Theme | null;
  const language = asked.get('lang') as Language | null;
  const problem = asked.get('problem') as Problem['code'] | null;
  return connectDemo({
    history: Number(asked.get('history') ?? 0),
    paceMs: Number(asked.get('pace') ?? 24),
    locked: asked.has('locked'),
    first: asked.has('first'),
    settings: { ...(theme && { theme }), ...(language && { language }) },
    ...(problem && { problem }),
  });
}

const target = document.getElementById('root');
if (!target) throw new Error('the page has no root');
mount(App, { target, props: { bridge: await connect() } });
