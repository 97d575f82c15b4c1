// What the YAML box takes of CodeMirror. Built by scripts/vendor_codemirror.py.
// It stands in a shadow root: there its styles are sheets of the document, which a strict CSP lets be.
import { basicSetup } from "codemirror";
import { EditorView, keymap } from "@codemirror/view";
import { indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { autocompletion } from "@codemirror/autocomplete";
import { lintGutter, setDiagnostics } from "@codemirror/lint";

// CodeMirror draws its marks with pictures in data: addresses, which the CSP keeps out.
const marks = EditorView.theme({
  ".cm-lint-marker": { content: "normal", borderRadius: "50%", width: "10px", height: "10px", margin: "4px 0 0 2px" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--danger)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warn)", borderRadius: "2px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--danger)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)" },
});

export function open(textarea, { findings, words, label }) {
  const host = document.createElement("div");
  host.className = "code-host";
  textarea.before(host);
  const root = host.attachShadow({ mode: "open" });
  const complete = (context) => {
    const word = context.matchBefore(/[\w.-]+/);
    return word || context.explicit ? { from: word?.from ?? context.pos, options: words } : null;
  };
  const view = new EditorView({
    doc: textarea.value,
    root,
    parent: root,
    extensions: [
      basicSetup, yaml(), marks, lintGutter(), keymap.of([indentWithTab]),
      autocompletion({ override: [complete] }),
      EditorView.editable.of(!textarea.readOnly),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) textarea.value = update.state.doc.toString();
      }),
    ],
  });
  view.dispatch(setDiagnostics(view.state, findings.map((each) => placed(view.state.doc, each))));
  textarea.hidden = true;
  return { goTo: (line) => goTo(view, line) };
}

function placed(doc, { line, column, end_line, end_column, severity, message, hint }) {
  const at = (row, place) => {
    const found = doc.line(Math.min(Math.max(row, 1), doc.lines));
    return Math.min(found.from + place - 1, found.to);
  };
  const from = at(line, column), to = Math.max(from, at(end_line, end_column));
  return { from, to, severity, message: hint ? `${message}\n${hint}` : message };
}

function goTo(view, line) {
  const at = view.state.doc.line(Math.min(line, view.state.doc.lines)).from;
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
}
