/** The monitor of streams. */

export const streams = {
  "streams.count": { plural: "count", forms: { one: "{count} camera", other: "{count} cameras" } },
  "streams.nothingRead": "nothing read",
  "streams.rate": "{rate} frames a second",
  "streams.latency": "{ms} ms each",
  "streams.dropped": {
    plural: "count",
    forms: { one: "{count} frame dropped", other: "{count} frames dropped" },
  },
  "streams.native": "desktop client",
  "streams.since": "since {time}",
  "streams.frameOf": "The newest frame of {name}",
  "streams.frameComes": "Waiting for a frame …",
  "streams.frameHidden": "Frames of desktop clients are not shown.",
  "streams.enlarge": "Enlarge",
  "streams.reduce": "Reduce",
  "streams.rename": "Rename",
  "streams.newName": "New name",
  "streams.save": "Save",
  "streams.disconnect": "Disconnect",
  "streams.feed": "Video",
  "streams.renamed": "It is called {name} now.",
  "streams.disconnected": "{name} is disconnected.",
};
