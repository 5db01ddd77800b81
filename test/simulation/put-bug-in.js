// `--import …/put-bug-in.js?bug=NAME`: this process reads one module of the program with a deliberate bug in it. The
// program itself knows nothing of it.
import { register } from 'node:module';

const bug = new URL(import.meta.url).searchParams.get('bug');
register('./bug-hooks.js', import.meta.url, { data: bug });
