/** Taking away: what is written is well formed, links carry runs and back, frames lie where they should. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAMES_PER_SECOND, frameCount, frameTime } from '../../static/js/takeaway/film.js';
import { fileName } from '../../static/js/takeaway/file.js';
import { liveLink, momentLink, pack, packedIn, runLink, toBytes, toText, unpack } from '../../static/js/takeaway/links.js';
import { FACES, cut, escape, number, paint, part, widthOf, write } from '../../static/js/takeaway/markup.js';
import { momentAt, pOfTime, stepSpan } from '../../static/js/takeaway/moment.js';
import { createPen } from '../../static/js/takeaway/pen.js';
import { legend, signsInDiagram, signsOnStage } from '../../static/js/takeaway/signs.js';
import { arc } from '../../static/js/takeaway/copy.js';
import { stretched, ticks } from '../../static/js/takeaway/figure.js';
import { haloed, pinned } from '../../static/js/takeaway/letters.js';
import { FILM_RATES, filmRate } from '../../static/js/takeaway/speed.js';
import { drawDiagram, endOf, rowY } from '../../static/js/views/parts/diagram.js';
import { createDesk, createModel } from '../../static/js/store/model.js';
import { createPlayer } from '../../static/js/store/player.js';
import { flightsAt } from '../../static/js/store/select.js';
import { createStore } from '../../static/js/store/store.js';
import { createWalk } from '../../static/js/store/walk.js';
import { journalOf, numbers, recorded } from './recorded.js';

const INKS = /** @type {any} */ (new Proxy({}, { get: () => '#123456' }));

/** @param {'partition'|'sandbox'} name */
function screen(name) {
  const store = createStore();
  store.opened(recorded(name));
  const player = createPlayer(store.journal(), 1 / 50);
  const walk = createWalk(player, store.lesson, () => true);
  return { store, player, walk, model: () => createModel(store, player, walk, createDesk(), () => null) };
}

test('what people typed is text in the picture', () => {
  for (const [raw, written] of [
    ['<script>', '&lt;script&gt;'],
    ['a & "b"', 'a &amp; &quot;b&quot;'],
    ['a\u0000b\u0007', 'a\ufffdb\ufffd'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['whole 😀', 'whole 😀'],
    ['two\nlines', 'two&#10;lines'],
  ]) assert.equal(escape(raw), written);
  assert.equal(write(part('text', { x: 1.005, y: null, fill: '"<' }, ['</text>'])), '<text x="1" fill="&quot;&lt;">&lt;/text&gt;</text>');
});

test('colours are told as SVG 1.1 knows them', () => {
  for (const [computed, told] of /** @type {const} */ ([
    ['rgb(27, 127, 90)', { paint: '#1b7f5a', opacity: 1 }],
    ['rgba(27, 127, 90, 0.5)', { paint: '#1b7f5a', opacity: 0.5 }],
    ['rgba(0, 0, 0, 0)', { paint: 'none', opacity: 1 }],
    ['transparent', { paint: 'none', opacity: 1 }],
    ['none', { paint: 'none', opacity: 1 }],
    ['color(srgb 1 0.5 0 / 0.25)', { paint: '#ff8000', opacity: 0.25 }],
  ])) assert.deepEqual(paint(computed), told);
});

test('numbers are short and never say minus nothing', () => {
  assert.deepEqual([1.2345, -0.001, 3].map(number), ['1.23', '0', '3']);
});

test('long titles are cut with an ellipsis, and Chinese letters count as wide', () => {
  assert.equal(cut('short', 200, 12), 'short');
  const shortened = cut('a title that is far too long for its line', 80, 12);
  assert.ok(shortened.endsWith('…') && widthOf(shortened, 12) <= 80);
  assert.equal(widthOf('选举', 10), 20);
});

test('the pen leaves what a canvas would show', () => {
  const { context, parts } = createPen();
  context.fillStyle = 'rgb(1, 2, 3)';
  context.globalAlpha = 0.5;
  context.fillRect(1, 2, 3, 4);
  context.strokeStyle = '#ff0000';
  context.globalAlpha = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.arc(10, 10, 5, 0, Math.PI * 2);
  context.stroke();
  assert.deepEqual(parts().map(write), [
    '<path d="M1 2H4V6H1Z" fill="#010203" fill-opacity="0.5"/>',
    '<path d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10" fill="none" stroke="#ff0000" stroke-width="1" stroke-dasharray="4 3"/>',
  ]);
});

test('the diagram of the screen comes out as paths, each within numbers', () => {
  const { model } = screen('partition');
  const now = model();
  const { context, parts } = createPen();
  drawDiagram(context, now, { p0: 0, p1: now.span[1] }, { width: 800, height: 160, scale: 1, dense: 1 }, INKS, now.last);
  assert.ok(parts().length > now.arrows.length);
  for (const each of parts()) assert.ok(!/NaN|undefined|Infinity/.test(write(each)));
});

test('an arc is a share of its circle, from the top', () => {
  assert.equal(arc(10, 0.25), 'M0 -10A10 10 0 0 1 10 0');
  assert.match(arc(10, 0.75), /^M0 -10A10 10 0 1 1 -10 0$/);
});

test('a moment is a function of presentation time alone', () => {
  const { store, model } = screen('sandbox');
  const journal = store.journal();
  /** @type {import('../../static/js/types.js').Model} */
  const page = { ...model(), playing: true, live: true, selection: { kind: 'node', id: 'node1' } };
  for (const share of [0, 0.31, 0.5, 0.77, 1]) {
    const p = journal.end() * share;
    const at = momentAt(page, journal, p);
    assert.equal(at.seq, journal.seqAt(p));
    assert.equal(at.view, journal.viewAt(at.seq));
    assert.equal(at.time, journal.timeAt(p));
    assert.deepEqual([at.playing, at.live, at.selection], [false, false, null]);
    assert.deepEqual(at.flights, flightsAt(journal, at.view, p));
  }
});

test('a virtual time is found where it is first reached', () => {
  const journal = journalOf(recorded('partition'));
  for (const time of [0, 10_000, 77_000, journal.now()]) {
    const p = pOfTime(journal, time);
    assert.ok(journal.timeAt(p) >= time);
    assert.ok(p === 0 || journal.timeAt(p - 2) < time);
  }
  assert.equal(pOfTime(journal, journal.now() + 1), journal.end());
});

test('the axis has every round time of one step, as close as labels have room everywhere', () => {
  for (const [name, p0, p1] of /** @type {const} */ ([['partition', 0, 1], ['partition', 0.3, 0.55], ['partition', 0.41, 0.46], ['sandbox', 0, 1]])) {
    const journal = journalOf(recorded(name));
    const span = { p0: journal.end() * p0, p1: journal.end() * p1 };
    for (const width of [300, 820]) {
      const marks = ticks(journal, span, width);
      const times = marks.map(({ said }) => Number(said.replace(/[^\d]/g, '')));
      const step = times[1] - times[0];
      assert.match(String(step), /^[125]0*$/, `${name}: ${times}`);
      assert.deepEqual(times, times.map((_, i) => times[0] + i * step), 'none is left out');
      const [first, last] = [span.p0, span.p1].map((p) => journal.timeAt(p) / 1000);
      assert.ok(times[0] - first < step && last - Number(times.at(-1)) < step + 1, 'nor at the ends');
      marks.slice(1).forEach((mark, i) => assert.ok(mark.from - marks[i].to >= 12, `${name}: ${mark.said}`));
    }
  }
});

test('an axis is called stretched where a command took room, and where nothing but time passed it is not', () => {
  const journal = journalOf(recorded('partition'));
  const end = journal.end();
  assert.equal(stretched(journal, { p0: 0, p1: end }), true);
  const quiet = journal.events.findIndex((each, i) => i > 0 && each.time - journal.events[i - 1].time > 1000);
  const until = journal.fork(journal.events[quiet].seq);
  const [p0, p1] = [until.end() - 900, until.end()];
  assert.equal(stretched(until, { p0, p1 }), false);
  assert.equal(stretched(until, { p0, p1: p1 * 10 }), false, 'what lies beyond the end does not count');
});

test('what became of a message under way is not told before it is seen', () => {
  const { store, model } = screen('partition');
  const journal = store.journal();
  const now = model();
  const size = { width: 4000, height: 200, scale: 1, dense: 1 };
  const lost = now.arrows.filter((each) => each.why === 'cut');
  assert.ok(lost.length > 3);
  for (const arrow of lost) {
    const seen = arrow.sentSeq;
    const known = journal.pOf(seen);
    assert.equal(endOf(arrow, Number(arrow.endSeq)), arrow.p1);
    assert.equal(endOf(arrow, seen), arrow.p0 + 2 * (Number(arrow.p1) - arrow.p0), 'straight on to its addressee');
    const drawn = (/** @type {number|null} */ until) => {
      const { context, parts } = createPen();
      drawDiagram(context, { ...now, lesson: null, arrows: [arrow] }, { p0: 0, p1: journal.end() }, size, INKS, seen, until);
      return parts().map((each) => each.attributes).filter((each) => each.stroke || /[AL]/.test(String(each.d)));
    };
    const [flown, rest, ...more] = drawn(known);
    assert.deepEqual([flown['stroke-opacity'], rest['stroke-opacity'], more], [null, 0.35, []], 'faint, and without an end');
    assert.ok([flown, rest].every((each) => each['stroke-dasharray'] === null), 'nor dashed');
    const to = String(rest.d).split(/[ L]/).at(-1);
    assert.equal(Number(to), rowY(now.nodes.indexOf(arrow.message.to), now.nodes.length, size));
    assert.ok(drawn(null).length > 1 && drawn(null)[0]['stroke-dasharray'] === null, 'on the screen, where the veil says it, it has an end');
    const signs = signsInDiagram({ ...now, arrows: [arrow] }, { p0: 0, p1: journal.end() }, seen);
    assert.deepEqual([signs.has('open'), signs.has('lost')], [true, false]);
  }
});

test('texts have their width whatever the font, and a halo beneath them', () => {
  const width = (/** @type {string} */ said, /** @type {number} */ size, /** @type {number} */ weight, /** @type {boolean} */ mono) => said.length * size + weight / 100 + (mono ? 0.5 : 0);
  const tree = part('g', {}, [
    part('text', { 'font-size': 10 }, ['abc']),
    part('g', {}, [part('text', { 'font-size': 12, 'font-weight': 650, 'font-family': FACES.mono }, ['ab']), part('path', { d: 'M0 0' })]),
  ]);
  assert.match(write(pinned(tree, width)), /textLength="34" lengthAdjust="spacingAndGlyphs">abc.*textLength="31" lengthAdjust="spacingAndGlyphs">ab<.*<path d="M0 0"\/>/);
  const { halo, letters } = haloed({ x: 1, fill: '#000000' }, 'a<b', '#ffffff', 3);
  assert.equal(write(halo), '<text x="1" fill="#ffffff" stroke="#ffffff" stroke-width="6" stroke-linejoin="round">a&lt;b</text>');
  assert.equal(write(letters), '<text x="1" fill="#000000">a&lt;b</text>');
});

test('a step has a span of its own; what does nothing has none', () => {
  const { walk, store, model } = screen('partition');
  const lesson = /** @type {import('../../static/js/types.js').LessonInfo} */ (store.lesson());
  for (const step of lesson.steps) {
    walk.go(step.index);
    const span = stepSpan(model(), store.journal());
    if (step.end < step.start) assert.equal(span, null);
    else if (span) assert.deepEqual([span.p1, span.p0 < span.p1], [store.journal().pOf(step.end), true]);
  }
});

test('a film has its frames at both ends and evenly between, however fast the machine', () => {
  const take = { span: { p0: 1000, p1: 41_000 }, rate: 1 / 50 };
  const frames = frameCount(take);
  assert.equal(frames, 2 * FRAMES_PER_SECOND + 1);
  assert.deepEqual([frameTime(take, 0), frameTime(take, frames - 1)], [1000, 41_000]);
  assert.equal(frameTime(take, 20) - frameTime(take, 19), 1000);
  assert.equal(frameCount({ span: { p0: 5, p1: 6 }, rate: 10 }), 2);
  assert.equal(frameCount({ span: { p0: 0, p1: 40_900 }, rate: 1 / 50 }), 2 * FRAMES_PER_SECOND + 2, 'the nearest number of frames');
});

test('a film of a short stretch is slow enough to follow, unless a speed is chosen', () => {
  const ms = (/** @type {number} */ count) => ({ p0: 5000, p1: 5000 + count * 1000 });
  for (const [choice, span, page, rate] of /** @type {const} */ ([
    ['follow', ms(10), 1 / 50, 1 / 400],
    ['follow', ms(12.8), 1 / 50, 1 / 320],
    ['follow', ms(79), 1 / 50, 1 / 51],
    ['follow', ms(80), 1 / 50, 1 / 50],
    ['follow', ms(3000), 1 / 50, 1 / 50],
    ['follow', ms(500), 1, 1 / 8],
    ['follow', null, 1 / 50, 1 / 50],
    ['page', ms(10), 1 / 50, 1 / 50],
    [String(FILM_RATES[0]), ms(10), 1 / 50, 1 / 1000],
  ])) assert.ok(Math.abs(filmRate(choice, span, page) / rate - 1) < 1e-9, `${choice} ${span?.p1} ${page}: ${filmRate(choice, span, page)}`);
  for (let count = 1; count < 2000; count += 7) {
    const span = ms(count / 10);
    const seconds = (frameCount({ span, rate: filmRate('follow', span, 10) }) - 1) / FRAMES_PER_SECOND;
    assert.ok(seconds >= 4 && seconds <= 4.5, `${count / 10} ms last ${seconds} s`);
  }
});

test('the legend lists what occurs and nothing else', () => {
  const { player, model, store } = screen('partition');
  player.seekSeq(2);
  const early = signsOnStage(model());
  assert.deepEqual([early.has('leader'), early.has('cut'), early.has('hand')], [false, false, true]);
  player.seekSeq(store.journal().last());
  const journal = store.journal();
  const whole = signsInDiagram(model(), { p0: 0, p1: journal.end() }, journal.last());
  assert.ok(['leader', 'candidate', 'RequestVote', 'AppendEntries', 'lost'].every((each) => whole.has(each)));
  assert.equal(whole.has('PreVote'), false);
  const written = write(legend(new Set(['leader', 'lost']), 900, INKS).part);
  assert.equal((written.match(/<text/g) ?? []).length, 2);
  assert.equal(legend(new Set(), 900, INKS).height, 0);
  assert.ok(legend(whole, 200, INKS).height > legend(whole, 900, INKS).height);
});

test('bytes survive the way through an address', () => {
  const next = numbers(7);
  for (let length = 0; length < 300; length += 13) {
    const bytes = Uint8Array.from({ length }, () => next(256));
    const text = toText(bytes);
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(toBytes(text), bytes);
  }
  for (const wrong of ['a b', 'a=', '<', 'ä']) assert.throws(() => toBytes(wrong));
});

test('a run survives the way through a link', async () => {
  for (const session of [{}, { format: 'raftviz-session', title: '分区 & <b>"x"</b> 😀', branches: [{ log: Array(400).fill({ command: { step: 1 } }) }] }]) {
    const packed = await pack(session);
    assert.equal(packedIn(new URL(runLink('http://x', packed)).hash), packed);
    assert.deepEqual(await unpack(packed), session);
  }
  assert.ok((await pack({ log: Array(400).fill({ command: { step: 1 } }) })).length < 200);
});

test('a damaged or swollen link is refused', async () => {
  const packed = await pack({ format: 'raftviz-session', a: 1 });
  await assert.rejects(unpack(packed.slice(0, -4)));
  await assert.rejects(unpack(`${packed.slice(0, 5)}AAAA${packed.slice(9)}`));
  await assert.rejects(unpack(await pack('x'.repeat(1_000_000))), /too long/);
  for (const fragment of ['', '#', '#s=', '#s=a b', '#t=abc', '#s=abc&x']) assert.equal(packedIn(fragment), null);
});

test('links name what they open, whatever the names are', () => {
  const place = { origin: 'http://h', room: 'r1', lesson: null, branch: 'b 1', event: 7 };
  assert.equal(liveLink(place), 'http://h/room/r1');
  assert.equal(momentLink(place), 'http://h/room/r1?branch=b%201&event=7');
  assert.equal(momentLink({ ...place, lesson: { id: 'a/b', step: 2 } }), 'http://h/lesson/a%2Fb?step=3&event=7');
  assert.equal(momentLink({ ...place, room: null }), null);
  assert.equal(liveLink({ ...place, compare: 'paper' }), 'http://h/room/r1?compare=paper');
  assert.equal(momentLink({ ...place, compare: 'branch:main' }), 'http://h/room/r1?branch=b%201&event=7&compare=branch%3Amain');
  const lesson = { ...place, lesson: { id: 'l', step: 2 } };
  assert.equal(momentLink({ ...lesson, compare: 'paper' }), 'http://h/lesson/l?step=3&event=7&compare=paper');
  assert.equal(momentLink({ ...lesson, compare: 'branch:b1' }), 'http://h/room/r1?branch=b%201&event=7&compare=branch%3Ab1', 'a branch is in its room alone');
});

test('files have names that every system takes', () => {
  assert.equal(fileName('A/B: "c" <d>', 'event-7', 'svg'), 'raftviz-a-b-c-d-event-7.svg');
  assert.equal(fileName('网络分区', '', 'json'), 'raftviz-网络分区.json');
  assert.equal(fileName('../..', '', 'gif'), 'raftviz.gif');
  assert.ok(fileName('long '.repeat(60), 'event-7', 'svg').length < 100);
});
