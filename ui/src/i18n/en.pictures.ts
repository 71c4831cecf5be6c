/** The English words for pictures of people. */
import type { Catalogue } from './catalogue';

export const pictures: Catalogue['pictures'] = {
  face: (name) => `Face of ${name}`,
  add: 'Add a picture',
  change: 'Change picture',
  remove: 'Remove picture',
  coming: 'Opening…',
  hint: 'PNG, JPEG, WebP, GIF or AVIF. You can also drop or paste it',
  cut: 'Crop the face',
  area: 'What will be seen',
  zoom: 'Size',
  cutHint: 'Drag to move, scroll to zoom. Arrow keys and + − work too.',
  keep: 'Use this',
  refused: 'This picture cannot be used',
  removed: (name) => `Removed the picture of ${name}`,
  faults: {
    empty: 'The file is empty.',
    not_known: 'This is not a picture. PNG, JPEG, WebP, GIF and AVIF can be used.',
    not_allowed: 'This kind of picture is not opened. Please convert it to PNG or JPEG.',
    too_large: 'The file is too large. Up to 24 MB can be used.',
    too_many: 'It has too many pixels. Up to 40 million are opened.',
    cut_off: 'The file ends in the middle.',
    malformed: 'The picture is broken and cannot be opened.',
    unreadable: 'The file cannot be read.',
  },
};
