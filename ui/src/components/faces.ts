/** Where a seal gets a face from: told once by the page, so that no component asks the program. */
import { getContext, setContext } from 'svelte';

/** The address of a picture, empty while it is not here; draws again when it comes. */
export type Faces = (picture: string, full: boolean) => string;

const KEY = Symbol('faces');

export const setFaces = (faces: Faces): Faces => setContext(KEY, faces);
export const getFaces = (): Faces | undefined => getContext<Faces | undefined>(KEY);
