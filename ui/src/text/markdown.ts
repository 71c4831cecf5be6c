/** Markdown to nodes. The text is hostile: no HTML of its own, no links, no pictures, then purified. */
import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true });
markdown.disable(['image', 'link', 'autolink', 'reference']);

const ALLOWED = [
  'p',
  'br',
  'em',
  'strong',
  's',
  'code',
  'pre',
  'blockquote',
  'hr',
  'ul',
  'ol',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
];

export function renderMarkdown(text: string): DocumentFragment {
  return DOMPurify.sanitize(markdown.render(text), {
    ALLOWED_TAGS: ALLOWED,
    ALLOWED_ATTR: [],
    RETURN_DOM_FRAGMENT: true,
  });
}
