import type { AppSettings } from '../../shared/domain/app.ts';

/** Applies theme and text size to the page; follows the system if the theme says so. Returns a function that stops following. */
export function applyAppearance(root: HTMLElement, { theme, textSize }: AppSettings): () => void {
  root.style.setProperty('--text-size', String(textSize));
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    root.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  apply();
  dark.addEventListener('change', apply);
  return () => dark.removeEventListener('change', apply);
}
