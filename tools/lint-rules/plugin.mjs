import { relative, sep } from 'node:path';
import { refuseImport } from './refuse-import.mjs';
import { refuseWord } from './word-places.mjs';

/*
 * The project's own lint rules: thin visitors over the tables beside this file.
 *
 *   opsdeck/import-place  what a file may import (package-places.mjs, folder-places.mjs)
 *   opsdeck/word-place    what may be written where (word-places.mjs)
 */

/** Path from the folder the linter runs in, with /. */
function pathOf(context) {
  return relative(context.cwd, context.filename).split(sep).join('/');
}

const importPlace = {
  create(context) {
    const path = pathOf(context);
    const check = (source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const message = refuseImport(path, source.value, typeOnly);
      if (message !== null) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal ?? node.argument, true),
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require')
          check(node.arguments[0], false);
      },
    };
  },
};

function isTypeOnly(node) {
  if (node.importKind === 'type') return true;
  return node.specifiers.length > 0 && node.specifiers.every((one) => one.importKind === 'type');
}

const wordPlace = {
  create(context) {
    const path = pathOf(context);
    const check = (node, word) => {
      const message = refuseWord(path, word);
      if (message !== null) context.report({ node, message });
    };
    return {
      Identifier: (node) => check(node, node.name),
      JSXIdentifier: (node) => check(node, node.name),
      Literal: (node) => {
        // A key in quotes is the key all the same.
        if (node.parent?.type === 'Property' && node.parent.key === node) check(node, node.value);
        if (node.parent?.type === 'MemberExpression' && node.parent.property === node)
          check(node, node.value);
      },
      MemberExpression(node) {
        const name = node.computed ? node.property.value : node.property.name;
        if (node.object.type === 'Identifier') check(node, `${node.object.name}.${name}`);
        // globalThis.performance.now, electron.shell.openExternal
        if (node.object.type === 'MemberExpression') check(node, `${node.object.property.name}.${name}`);
      },
      NewExpression(node) {
        if (node.callee.type !== 'Identifier') return;
        if (node.arguments.length === 0) check(node, `new ${node.callee.name}`);
        check(node, `${node.callee.name}.constructor`);
      },
    };
  },
};

export default {
  meta: { name: 'opsdeck' },
  rules: { 'import-place': importPlace, 'word-place': wordPlace },
};
