/** Server-sent events out of a stream of text, as the HTML standard's parser reads them. */

export interface ServerEvent {
  event: string;
  data: string;
}

/** The longest event that is taken; the server sends less. */
const EVENT_CHARS_MAX = 64 * 1024 * 1024;

/** Takes pieces of text, cut anywhere, and gives the events that are whole. */
export class EventParser {
  private rest = "";
  private event = "";
  private data: string[] = [];

  push(piece: string): ServerEvent[] {
    this.rest += piece;
    if (this.rest.length > EVENT_CHARS_MAX) throw new Error("an event of the server is too long");
    const events: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (!end) return events;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      const whole = this.line(line);
      if (whole) events.push(whole);
    }
  }

  private line(line: string): ServerEvent | null {
    if (line === "") {
      const event = { event: this.event || "message", data: this.data.join("\n") };
      const any = this.data.length > 0;
      this.event = "";
      this.data = [];
      return any ? event : null;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.event = value;
    if (field === "data") this.data.push(value);
    return null;
  }
}
