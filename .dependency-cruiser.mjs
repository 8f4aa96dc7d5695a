/** Settings of dependency-cruiser, made at load from the one matrix. Run through `scripts/gate.mjs`. */
import { forbiddenRules } from './scripts/import-rules.mjs';

export default {
  forbidden: forbiddenRules(),
  options: {
    // Imports that TypeScript erases count too: a type is a dependency of the design.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
