import { render } from 'preact';
import { App } from './app.tsx';
import { takeFirstView } from './first-view.ts';
import { markPage } from './language.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/till.css';
import './styles/panels.css';
import './styles/dialogs.css';
import './styles/papers.css';
import './styles/equivalents.css';
import './styles/chronic.css';
import './styles/refund.css';
import './styles/training.css';
import './styles/small.css';

markPage();
const root = document.getElementById('app');
if (root !== null) render(<App first={takeFirstView()} />, root);
