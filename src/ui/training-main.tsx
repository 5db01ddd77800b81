import { render } from 'preact';
import { TrainingApp } from './app.tsx';
import { takeFirstView } from './first-view.ts';
import { markPage } from './language.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/till.css';
import './styles/panels.css';
import './styles/dialogs.css';
import './styles/equivalents.css';
import './styles/training.css';
import './styles/small.css';

markPage();
const root = document.getElementById('app');
if (root !== null) render(<TrainingApp first={takeFirstView()} />, root);
