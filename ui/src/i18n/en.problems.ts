/** The English words for everything that can go wrong. */
import { diceProblems } from './en.dice';
import type { Catalogue } from './catalogue';

export const problems: Catalogue['problems'] = {
  dice: diceProblems,
  code: {
    not_installed: (p) => ({
      title: `${p} was not found`,
      text: 'Install it with the command below, then check again. What you wrote is still there.',
    }),
    signed_out: (p) => ({
      title: `You are signed out of ${p}`,
      text: 'Sign in with the command below in a terminal, then this line can be sent again.',
    }),
    key_refused: (p) => ({
      title: `${p} does not accept the key`,
      text: 'Sign in again or change the key. Your story is untouched.',
    }),
    quota: (p) => ({
      title: `You reached the limit of ${p}`,
      text: 'Wait until it is filled again, or go on with another AI. What you wrote is still there.',
    }),
    overloaded: (p) => ({
      title: `${p} is crowded right now`,
      text: 'Try again in a moment. What you wrote is still there.',
    }),
    network: (p) => ({
      title: `${p} cannot be reached`,
      text: 'Check your connection and try again. Your story is on this device.',
    }),
    timed_out: (p) => ({
      title: `${p} was silent for too long`,
      text: 'Try again, or allow more time in the settings. What had come so far was kept.',
    }),
    cut_off: (p) => ({
      title: `${p} was cut off`,
      text: 'What had come so far was kept. Rewriting answers from the beginning.',
    }),
    bad_model: (p) => ({
      title: `${p} has no such model`,
      text: 'Change the model under “AI and memory” on the stage. What you wrote is still there.',
    }),
    too_long: (p) => ({
      title: `The story is too long for ${p}`,
      text: 'Shorten the memory or choose a larger model. No text was deleted.',
    }),
    refused: (p) => ({
      title: `${p} did not answer this`,
      text: 'Change the line a little, or go on with another AI. What you wrote is still there.',
    }),
    crashed: (p) => ({
      title: `${p} ended all of a sudden`,
      text: 'Try again or change to another AI. What had come so far was kept.',
    }),
    unreadable: (p) => ({
      title: `The answer of ${p} could not be read`,
      text: 'Try again or change to another AI. Your story is untouched.',
    }),
    unsafe_setup: (p) => ({
      title: `${p} cannot be locked in safely, so it was not used`,
      text: 'This version could do more than talk. Update it, or choose another AI.',
    }),
    invalid_request: () => ({
      title: 'Something in it does not fit',
      text: 'Look over what you entered and try again. Nothing was changed.',
    }),
    not_found: () => ({
      title: 'It is no longer there',
      text: 'It may have been removed elsewhere. The rest of your story is untouched.',
    }),
    busy: () => ({
      title: 'An answer is still coming',
      text: 'Wait for its end or stop it, then try again. What you wrote is still there.',
    }),
    nothing_to_say: () => ({
      title: 'Nobody had anything to say',
      text: 'Seat somebody or say one more line. Your story is untouched.',
    }),
    locked: () => ({
      title: 'The profile is locked',
      text: 'Open it with its password to go on. The story is sealed as it was.',
    }),
    wrong_password: () => ({
      title: 'That is not the password',
      text: 'Check the keyboard layout and Caps Lock, then try again. The story is as it was.',
    }),
    no_keyring: () => ({
      title: 'The keyring cannot be used',
      text: 'This computer has none, or it is locked. A key is never written to a file. It can be remembered until you close the program.',
    }),
    storage_full: () => ({
      title: 'The disk is full',
      text: 'Make some room and try again. What was saved before is still there.',
    }),
    storage_failed: () => ({
      title: 'It could not be saved',
      text: 'Check the disk and try again. What was saved before is still there.',
    }),
    bad_file: () => ({
      title: 'This file cannot be brought in',
      text: 'It is damaged or of a kind that cannot be read. None of your stories has changed.',
    }),
    damaged: () => ({
      title: 'The file is damaged',
      text: 'Open the window anew to go on with a backup. The damaged file stays as it is.',
    }),
    newer_data: () => ({
      title: 'These stories come from a newer version',
      text: 'Update Persona Chat to open them. Nothing was touched.',
    }),
    bug: () => ({
      title: 'Something unexpected happened',
      text: 'Try again; if it comes back, tell us the log number. What was saved is still there.',
    }),
  },
  way: {
    retry: 'Try again',
    check: 'Check again',
    change_model: 'Change model',
    change_provider: 'Another AI',
    shorten: 'Shorten memory',
    close: 'Close notice',
  },
  detail: 'What the AI said',
  logId: (id) => `Log ${id}`,
  retryAt: (time) => `Filled again at ${time}.`,
  waited: (seconds) => `Waited ${seconds} s.`,
  exitCode: (code) => `Exit code ${code}`,
  field: (path) => `Does not fit: ${path}`,
};
