"""What does the stage of the explorer page cost, beside Cytoscape in the same run?

Run: python -m bench.explorer [FOLDER_OF_CYTOSCAPE]

CPU seconds are those of all processes of a headless Chromium without a GPU, once it rests: what it does by itself after
a page has come, for a second or more, is no cost of a picture. For the peer, install it anywhere with
`npm install cytoscape` and name its folder, such as `node_modules/cytoscape`. Wall clock is not printed: a busy machine
says nothing by it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from tests.chromium import Page, chromium, require_chromium
from tests.page.stage_page import BUNDLE, SOURCE, bundle, find_node, served

SIZES = ((200, 500), (2_000, 5_000))
FRAMES = 60
RUNS = 3
"""How often each is measured, one library after the other: the middle is printed."""
RESTING = 0.008
"""CPU seconds in `LOOK` seconds of a browser that has nothing to do."""
LOOK, MOST_LOOKS = 0.3, 60

FRAME = "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
KNOWN = """(() => {
  const {nodes, links} = kg.invented(%d, %d)
  const side = Math.ceil(Math.sqrt(nodes.length))
  const row = i => Math.floor(i / side) * 60 + (i * 53) %% 31
  const at = nodes.map((node, i) => [node.id, (i %% side) * 60 + (i * 37) %% 29, row(i), 0])
  globalThis.graph = {nodes, links, at}
})()"""
VIEW = """(async () => {
  const filter = {nodeTypes: [], linkTypes: [], day: '', from: '', to: '', grade: ''}
  kg.model.restore({nodes: graph.at, hidden: [], selected: [], filter}, graph.nodes, graph.links)
  %s
})()"""
MOVES = """(async () => {
  const host = document.querySelector('#host')
  const all = {view: window, bubbles: true, cancelable: true}
  const mouse = (on, kind, clientX, clientY) => (
    on.dispatchEvent(new MouseEvent(kind, {...all, clientX, clientY, buttons: 1}))
  )
  mouse(host, 'mousedown', 5, 5)
  for (let i = 0; i < %d; i++) {
    mouse(window, 'mousemove', 5 + i * 3, 5 + i * 2)
    await new Promise(requestAnimationFrame)
  }
  mouse(window, 'mouseup', 200, 120)
  for (let i = 0; i < %d; i++) {
    const deltaY = i %% 20 < 10 ? -12 : 12
    host.dispatchEvent(new WheelEvent('wheel', {...all, clientX: 640, clientY: 400, deltaY}))
    await new Promise(requestAnimationFrame)
  }
  await new Promise(done => setTimeout(done, 300))
})()"""
SETTLE = "(async () => { kg.model.clear(); kg.model.add(graph.nodes, graph.links); await kg.settled() })()"

PEER_VIEW = """(async () => {
  const shape = {Person: 'ellipse', Enterprise: 'rectangle', Arrangement: 'diamond', RealEstate: 'triangle',
    Jurisdiction: 'hexagon', Agency: 'octagon', Warrant: 'round-rectangle'}
  const place = new Map(graph.at.map(([id, x, y]) => [id, {x, y}]))
  const node = ({id, caption, type}) => ({data: {id, label: caption, shape: shape[type]}, position: place.get(id)})
  const edge = ({id, from, to}) => ({data: {id, source: from, target: to}})
  globalThis.peer = cytoscape({
    container: document.querySelector('#host'), layout: {name: 'preset'},
    elements: [...graph.nodes.map(node), ...graph.links.map(edge)],
    style: [
      {selector: 'node', style: {shape: 'data(shape)', label: 'data(label)', width: 30, height: 30, 'font-size': 12,
        'min-zoomed-font-size': 8, 'text-valign': 'bottom', 'background-color': '#0072B2'}},
      {selector: 'edge', style: {'curve-style': 'bezier', 'target-arrow-shape': 'triangle', width: 2}}
    ]
  })
  %s
})()"""
PEER_MOVES = """(async () => {
  for (let i = 0; i < %d; i++) {
    peer.panBy({x: 3, y: 2})
    await new Promise(requestAnimationFrame)
  }
  for (let i = 0; i < %d; i++) {
    peer.zoom({level: peer.zoom() * (i %% 20 < 10 ? 1.02 : 1 / 1.02), renderedPosition: {x: 640, y: 400}})
    await new Promise(requestAnimationFrame)
  }
  await new Promise(done => setTimeout(done, 300))
})()"""


@dataclass(frozen=True, slots=True)
class ExplorerCost:
    """What one library costs for one size."""

    library: str
    nodes: int
    links: int
    picture: float
    """CPU seconds from known places to the first picture."""
    frame: float
    """CPU milliseconds a frame of panning and zooming."""
    heap: float
    """MiB of JavaScript."""

    def line(self) -> str:
        """The row of a table."""
        size = f"{self.nodes:,} / {self.links:,}"
        return (
            f"{self.library:10} {size:>14}  {self.picture:6.2f} s  {self.frame:6.1f} ms a frame  {self.heap:5.0f} MiB"
        )


def main(peer: Path | None = None) -> None:
    """Print the cost of each library and size, and of a layout."""
    node = find_node()
    if node is None:
        raise SystemExit("no Node: make it with `sh .ci/environment node`")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle(node, folder)
        if peer:
            _bundle_peer(node, folder, peer)
        nothing = _median(partial(_nothing, folder))
        print(f"load average {os.getloadavg()[0]:.1f}; an empty picture {nothing:.2f} CPU s")
        for size in SIZES:
            runs = [_costs(folder, size, peer is not None) for _ in range(RUNS)]
            middle = [median_cost([run[place] for run in runs]) for place in range(len(runs[0]))]
            for cost in middle:
                print(cost.line())
            if peer:
                ours, theirs = middle
                beyond = (theirs.picture - nothing) / max(0.01, ours.picture - nothing)
                print(
                    f"{'':10} first picture {theirs.picture / ours.picture:.1f} times cheaper with kg;"
                    f" without what an empty picture costs the browser, {beyond:.1f} times"
                )
            settled = _median(partial(_layout, folder, size))
            print(f"{'':10} settled layout {settled:.2f} CPU s, off the thread of the page")


def median_cost(runs: Sequence[ExplorerCost]) -> ExplorerCost:
    """The middle of each figure of several runs."""
    picture, frame, heap = (median(getattr(run, name) for run in runs) for name in ("picture", "frame", "heap"))
    return ExplorerCost(runs[0].library, runs[0].nodes, runs[0].links, picture, frame, heap)


def _median(measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(RUNS))


def _costs(folder: Path, size: tuple[int, int], with_peer: bool) -> list[ExplorerCost]:
    """Ours, and that of the peer beside it."""
    ours = _cost(folder, "kg", size, VIEW, MOVES)
    return [ours, _cost(folder, "cytoscape", size, PEER_VIEW, PEER_MOVES)] if with_peer else [ours]


def _bundle_peer(node: Path, folder: Path, peer: Path) -> None:
    entry = folder / "peer-entry.js"
    entry.write_text(f"import made from {str(peer.resolve())!r}\nglobalThis.cytoscape = made\n", encoding="utf-8")
    esbuild = str(SOURCE / "node_modules" / "esbuild" / "bin" / "esbuild")
    command = [str(node), esbuild, str(entry), *BUNDLE, f"--outfile={folder / 'peer.js'}"]
    subprocess.run(command, check=True, cwd=SOURCE)


def _cost(folder: Path, library: str, size: tuple[int, int], view: str, moves: str) -> ExplorerCost:
    with _page(folder) as page:
        if library != "kg":
            page.value("import('./peer.js').then(() => 1)")
        page.value(KNOWN % size)
        before = _rested()
        page.value(view % FRAME)
        drawn = _cpu()
        page.value(moves % (FRAMES // 2, FRAMES // 2))
        moved = _cpu()
        heap = page.value("performance.memory.usedJSHeapSize") / 2**20
    return ExplorerCost(library, *size, drawn - before, 1000 * (moved - drawn) / FRAMES, heap)


def _nothing(folder: Path) -> float:
    """CPU seconds that the browser takes for the frames of a first picture in which nothing is drawn."""
    with _page(folder) as page:
        before = _rested()
        page.value(f"(async () => {{ document.querySelector('#host').style.opacity = 0.99; {FRAME} }})()")
        return _cpu() - before


def _layout(folder: Path, size: tuple[int, int]) -> float:
    """CPU seconds from an answer to a settled picture."""
    with _page(folder) as page:
        page.value(KNOWN % size)
        page.value("(async () => { kg.model.add([kg.node('first')], []); await kg.settled() })()")
        before = _rested()
        page.value(SETTLE)
        return _cpu() - before


@contextmanager
def _page(folder: Path) -> Iterator[Page]:
    with (
        tempfile.TemporaryDirectory() as profile,
        served(folder) as address,
        chromium(require_chromium(), Path(profile)) as page,
    ):
        page.size(1280, 800)
        page.open(address)
        page.wait("globalThis.kg")
        yield page


def _rested() -> float:
    """What `_cpu` says once the browser rests."""
    after = _cpu()
    for _ in range(MOST_LOOKS):
        before = after
        time.sleep(LOOK)
        after = _cpu()
        if after - before < RESTING:
            break
    return after


def _cpu() -> float:
    """CPU seconds of all processes that this one started in sessions of their own: those of the browser."""
    seconds = 0.0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
            leader = Path(f"/proc/{fields[3]}/stat").read_text().rpartition(")")[2].split()
            if int(leader[1]) == os.getpid() and int(fields[3]) != os.getsid(0):
                # The clock of a process, as Linux numbers them: /proc counts in hundredths of a second.
                seconds += time.clock_gettime((~int(file.parent.name) << 3) | 2)
        except OSError:
            continue  # it has ended meanwhile
    return seconds


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
