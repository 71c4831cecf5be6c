"""What the page of a running window does with its time: frames, batches, rows, work, memory."""

import time
from typing import Any, NamedTuple, Self

FRAME_MS = 1000 / 60
_WATCH = """() => {
  const gauge = { frames: [], batches: 0, events: 0, most: 0, on: true };
  window.__gauge = gauge;
  if (!window.__receive) {
    window.__receive = window.personaReceive;
    window.personaReceive = (batch) => {
      const { __gauge: now } = window;
      now.batches += 1;
      now.events += batch.events.length;
      return window.__receive(batch);
    };
  }
  let before = performance.now();
  const frame = (at) => {
    gauge.frames.push(at - before);
    before = at;
    gauge.most = Math.max(gauge.most, document.getElementsByTagName('*').length);
    if (gauge.on) requestAnimationFrame(frame);
  };
  requestAnimationFrame((at) => { before = at; requestAnimationFrame(frame); });
}"""
_TELL = """() => { window.__gauge.on = false; return window.__gauge; }"""


class Measured(NamedTuple):
    seconds: float
    longest_ms: float
    dropped: int
    """Frames of 60 a second that were not shown."""
    frames: int
    work_ms: float
    """The processor's time that the page's main thread took."""
    batches: int
    events: int
    most_nodes: int
    """Elements in the document at once."""

    @property
    def batches_a_second(self) -> float:
        return self.batches / self.seconds


class Gauge:
    """Measures between entering and leaving; ``measured`` holds it afterwards."""

    measured: Measured

    def __init__(self, page: Any) -> None:
        self._page = page
        self._talk = page.context.new_cdp_session(page)
        # By the processor's time: the clock on the wall tells more of the others on this machine.
        self._talk.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        self._talk.send("Performance.enable")

    def __enter__(self) -> Self:
        self._page.evaluate(_WATCH)
        self._before, self._began = self.metrics(), time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        after = self.metrics()
        told = self._page.evaluate(_TELL)
        frames = told["frames"]
        seconds = time.monotonic() - self._began
        self.measured = Measured(
            seconds=seconds,
            longest_ms=max(frames, default=0.0),
            dropped=sum(max(0, round(each / FRAME_MS) - 1) for each in frames),
            frames=len(frames),
            work_ms=(after["TaskDuration"] - self._before["TaskDuration"]) * 1000,
            batches=told["batches"],
            events=told["events"],
            most_nodes=told["most"],
        )

    def metrics(self) -> dict[str, float]:
        told = self._talk.send("Performance.getMetrics")["metrics"]
        return {each["name"]: each["value"] for each in told}

    def heap_mb(self) -> float:
        """Of the page's own objects, after what is not needed any more was let go."""
        self._talk.send("HeapProfiler.collectGarbage")
        return self.metrics()["JSHeapUsedSize"] / 1e6
