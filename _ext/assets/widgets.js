// Draws anywidget widgets on a page that has no kernel.
// myst-nb writes one script element with the state of all widgets and one where each is shown; this reads both and runs
// each widget's own module. A widget may use model.get, set, on, off and save_changes: there is nobody to send anything to.
// A classic deferred script and not a module: browsers refuse modules on pages opened from a file.
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  function fromBase64(text) {
    return new DataView(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
  }

  class Model {
    constructor({ state, buffers = [] }) {
      this.state = structuredClone(state);
      this.listeners = {};
      for (const { path, data } of buffers) {
        const last = path.at(-1);
        path.slice(0, -1).reduce((inner, key) => inner[key], this.state)[last] = fromBase64(data);
      }
    }
    get(name) {
      return this.state[name];
    }
    set(name, value) {
      if (Object.is(this.state[name], value)) return;
      this.state[name] = value;
      this.emit(`change:${name}`, value);
      this.emit("change", value);
    }
    on(names, callback) {
      for (const name of names.split(" ")) (this.listeners[name] ??= []).push(callback);
    }
    off(names, callback) {
      for (const name of names?.split(" ") ?? Object.keys(this.listeners))
        this.listeners[name] = callback
          ? (this.listeners[name] ?? []).filter(one => one !== callback)
          : [];
    }
    emit(name, value) {
      for (const callback of [...(this.listeners[name] ?? [])]) callback(this, value);
    }
    save_changes() {}
  }

  const modules = new Map();
  function load(source) {
    if (!modules.has(source)) {
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const loading = import(address).then(({ default: widget }) =>
        typeof widget === "function" ? widget() : widget,
      );
      modules.set(source, loading);
    }
    return modules.get(source);
  }

  const styles = new Set();
  function wear(style) {
    if (!style || styles.has(style)) return;
    styles.add(style);
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  }

  const models = new Map();
  async function draw(place, id, entry) {
    const widget = await load(entry.state._esm);
    if (!models.has(id)) {
      const model = new Model(entry);
      models.set(id, { model, started: widget.initialize?.({ model }) });
    }
    const { model, started } = models.get(id);
    await started;
    wear(entry.state._css);
    await widget.render?.({ model, el: place });
    place.dataset.widget = "ready";
  }

  function show(tag, states) {
    const id = JSON.parse(tag.textContent).model_id;
    const entry = states[id];
    const place = document.createElement("div");
    tag.replaceWith(place);
    const tell = (state, text) => {
      place.dataset.widget = state;
      place.textContent = text;
    };
    tell("starting", "");
    if (entry?.model_module !== "anywidget")
      return tell(
        "needs a kernel",
        "This control needs a kernel: open the notebook in Jupyter to use it.",
      );
    draw(place, id, entry).catch(error => {
      console.error("a widget failed to start", error);
      tell("failed", `This picture failed to start: ${error.message}`);
    });
  }

  const states = {};
  for (const tag of document.querySelectorAll(STATE))
    Object.assign(states, JSON.parse(tag.textContent).state);
  for (const tag of document.querySelectorAll(VIEW)) show(tag, states);
})();
