/** Finding and filling the parts of a step. */

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Writes texts into the parts of those names. */
export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) part(root, name).textContent = text;
}

/** The number of a slider, whose value is written beside it; `onChange(number)` follows it. */
export function slider(root, name, onChange, write = String) {
  const input = part(root, name);
  const output = input.parentElement.querySelector(".slider-value");
  const now = () => Number(input.value);
  const show = () => {
    output.textContent = write(now());
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    show();
    onChange(now());
  });
  show();
  return {
    get value() {
      return now();
    },
    set value(number) {
      input.value = String(number);
      show();
    },
  };
}

/** Buttons of which one is pressed; `onChange(value)` follows. Returns what presses one by its value. */
export function choices(root, name, onChange) {
  const buttons = [...part(root, name).querySelectorAll("button")];
  const press = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === value));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      press(button.value);
      onChange(button.value);
    });
  }
  return press;
}

export function pressed(root, name) {
  return part(root, name).querySelector('[aria-pressed="true"]').value;
}
