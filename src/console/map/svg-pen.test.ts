import { describe, expect, it } from "vitest";
import { escapeXml, SvgPen } from "./svg-pen.ts";

const box = { left: 0, top: 0, right: 100, bottom: 50 };
const measure = (text: string): number => text.length * 6;

describe("a picture as SVG", () => {
  it("has paths, rectangles and texts with the colours of their time", () => {
    const pen = new SvgPen(measure);
    pen.fillStyle = "#ff0000";
    pen.fillRect(1, 2, 3, 4);
    pen.beginPath();
    pen.moveTo(0, 0);
    pen.bezierCurveTo(1, 1, 2, 2, 3, 3.456);
    pen.strokeStyle = "#00ff00";
    pen.setLineDash([4, 2]);
    pen.stroke();
    const svg = pen.svg(box, "#ffffff");
    expect(svg).toContain('<rect x="1" y="2" width="3" height="4" fill="#ff0000"/>');
    expect(svg).toContain('<path d="M0 0C1 1 2 2 3 3.46" fill="none" stroke="#00ff00" stroke-width="1"');
    expect(svg).toContain('stroke-dasharray="4 2"');
  });

  it("undoes what was moved, clipped and dimmed when it is restored", () => {
    const pen = new SvgPen(measure);
    pen.save();
    pen.globalAlpha = 0.3;
    pen.translate(5, 5);
    pen.beginPath();
    pen.roundRect(0, 0, 10, 10, 2);
    pen.clip();
    pen.fillRect(0, 0, 1, 1);
    pen.restore();
    const svg = pen.svg(box, "#ffffff");
    expect(svg.match(/<g /g)?.length).toBe(2);
    expect(svg.match(/<\/g>/g)?.length).toBe(2);
    expect(pen.globalAlpha).toBe(1);
  });

  it.each(["<img src=x onerror=alert(1)>", "]]><script>", `"' onload="x`, "&amp;", "\u0000\u0007\ufffe", "\ud800"])(
    "lets the name %j be nothing but text",
    (name) => {
      const pen = new SvgPen(measure);
      pen.font = '600 13px "Face", sans-serif';
      pen.fillText(name, 0, 0);
      const [, text] = /<text [^<>]*>([^<>]*)<\/text>/.exec(pen.svg(box, "#ffffff"))!;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
      expect(text).not.toMatch(/["'\u0000-\u001f]|&(?!#\d+;)/);
    },
  );

  it("escapes what could end an attribute", () => {
    expect(escapeXml(`a"b'c<d>&`)).toBe("a&#34;b&#39;c&#60;d&#62;&#38;");
  });
});
