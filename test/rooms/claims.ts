import { importTests } from '../lib/import-tests.ts';

importTests('claims');
