import { render } from 'preact';
import { CustomerApp } from './customer-app.tsx';
import { markPage } from './language.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/customer.css';

markPage();
const root = document.getElementById('app');
if (root !== null) render(<CustomerApp />, root);
