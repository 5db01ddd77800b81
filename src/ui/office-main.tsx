import { render } from 'preact';
import { OfficeApp } from './office/app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/dialogs.css';
import 'uplot/dist/uPlot.min.css';
import './styles/office.css';

const root = document.getElementById('app');
if (root !== null) render(<OfficeApp />, root);
