import { render } from 'preact';
import { markPage } from './language.ts';
import { OfficeApp } from './office/app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/dialogs.css';
import './styles/papers.css';
import 'uplot/dist/uPlot.min.css';
import './styles/office.css';

markPage();
const root = document.getElementById('app');
if (root !== null) render(<OfficeApp />, root);
