import { importThread } from '../lib/import-tests.ts';

importThread('topology');
