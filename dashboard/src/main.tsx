import { render } from 'preact';
import { App } from './app/app.tsx';
import { applyTheme } from './app/theme.ts';
import './style/page.css';

applyTheme();
const page = document.querySelector('#page');
if (page !== null) render(<App />, page);
