import { render } from 'preact';
import { CustomerApp } from './customer-app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/customer.css';

const root = document.getElementById('app');
if (root !== null) render(<CustomerApp />, root);
