/**
 * Colour scales for numbers. Zero is always the colour of the paper.
 *
 * A ramp is a table of 256 colours, four bytes each, so that painting a map is a look-up per pixel.
 */

/** @typedef {number[]} Colour [red, green, blue], 0 to 255 */

const STEPS = 256;

/**
 * A ramp through colours at equal distances.
 *
 * @param {Colour[]} stops
 */
export function makeRamp(stops) {
  const ramp = new Uint8ClampedArray(STEPS * 4);
  for (let step = 0; step < STEPS; step += 1) {
    const place = (step / (STEPS - 1)) * (stops.length - 1);
    const before = Math.min(Math.floor(place), stops.length - 2);
    for (let part = 0; part < 3; part += 1) {
      const [from, to] = [stops[before][part], stops[before + 1][part]];
      ramp[step * 4 + part] = from + (to - from) * (place - before);
    }
    ramp[step * 4 + 3] = 255;
  }
  return ramp;
}

/**
 * "#1c5cc0" as [28, 92, 192].
 *
 * @param {string} text
 */
export function parseColour(text) {
  const hex = text.trim().slice(1);
  return [0, 2, 4].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

/**
 * A scale: which colour stands for a number.
 *
 * A signed scale reaches from −limit to limit, so that zero lies in its middle; the others from 0 to limit.
 */
export class Scale {
  /**
   * @param {Uint8ClampedArray} ramp
   * @param {number} limit
   * @param {boolean} isSigned
   */
  constructor(ramp, limit, isSigned) {
    this.ramp = ramp;
    this.limit = Math.max(limit, 1e-9);
    this.isSigned = isSigned;
  }

  /**
   * Place of a number in the ramp, 0 to 255.
   *
   * @param {number} value
   */
  stepOf(value) {
    const part = value / this.limit;
    const place = this.isSigned ? (part + 1) / 2 : part;
    return Math.round(Math.min(1, Math.max(0, place)) * (STEPS - 1));
  }

  /**
   * @param {number} value
   * @returns {Colour}
   */
  colourOf(value) {
    const start = this.stepOf(value) * 4;
    return [this.ramp[start], this.ramp[start + 1], this.ramp[start + 2]];
  }

  /**
   * Numbers as pixels, for an ImageData.
   *
   * @param {ArrayLike<number>} values
   */
  paint(values) {
    const pixels = new Uint8ClampedArray(values.length * 4);
    for (let i = 0; i < values.length; i += 1) {
      const start = this.stepOf(values[i]) * 4;
      pixels.set(this.ramp.subarray(start, start + 4), i * 4);
    }
    return pixels;
  }
}

/**
 * Whether white writing is easier to read on a colour than black (WCAG's contrast to both).
 *
 * @param {Colour} colour
 */
export function isDark(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179;
}
