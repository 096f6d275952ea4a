import bad from '../../icons/bad.svg';
import good from '../../icons/good.svg';

let view = '';
let trouble = 0;

/** Names the view that is shown. */
export function nameView(name: string): void {
  view = name;
  show();
}

/** Notes how many things are wrong: a reader sees it on the tab without opening it. */
export function noteTrouble(count: number): void {
  trouble = count;
  show();
}

function show(): void {
  const names = [view, 'Runledger'].filter((name) => name !== '').join(' · ');
  document.title = trouble === 0 ? names : `${trouble} wrong · ${names}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const wanted = trouble === 0 ? good : bad;
  if (icon !== null && !icon.href.endsWith(wanted)) icon.href = wanted;
}
