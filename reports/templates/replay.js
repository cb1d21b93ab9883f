"use strict";
// Plays each replay of a page. Data: reports/replay/told.py. Nothing is fetched and nothing is kept.
for (const root of document.querySelectorAll(".replay")) {
  const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const find = (name) => root.querySelector(name);
  const dense = (flat) => {
    const found = new Int32Array(data.frames);
    let at = 0;
    for (let k = 0; k < flat.length; k += 2) { at += flat[k]; found[at] += flat[k + 1]; }
    for (let k = 1; k < data.frames; k++) found[k] += found[k - 1];
    return found;
  };
  const waiting = data.waiting.map(dense), hand = data.hand.map(dense), there = data.there.map(dense);
  const moves = data.moves.map(([from, to, flat]) => ({ from, to, sum: dense(flat) }));
  const most = Math.max(1, ...waiting.map((one) => one.reduce((a, b) => Math.max(a, b), 0)));
  const rows = [...root.querySelectorAll(".floor li")];
  const last = data.frames - 1, ROW = 52, MIDDLE = 14, LINE = 40;
  const number = (n) => n.toLocaleString("en");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let at = 0, playing = false, before = 0, asked = 0;

  const clock = (frame) => {
    const [from, minutes] = data.clock.filter((one) => one[0] <= frame).pop();
    const now = minutes + (frame - from) * data.step;
    return `${String(Math.floor(now / 60)).padStart(2, "0")}:${String(now % 60).padStart(2, "0")}`;
  };
  const came = (node, frame) => moves.reduce((sum, one) => sum + (one.to === node) * one.sum[frame], 0);
  const left = (node, frame) => moves.reduce((sum, one) => sum + (one.from === node) * one.sum[frame], 0);

  // Ways: straight to the next stop, past others on the left, back on the right.
  const element = (name, about) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in about) made.setAttribute(key, about[key]);
    return made;
  };
  const y = (node) => node * ROW + MIDDLE;
  for (const one of moves) {
    const over = one.to - one.from;
    one.bend = over === 1 ? 0 : over > 1 ? -Math.min(32, 10 + 9 * over) : Math.min(44, 26 - 8 * over);
    one.loop = over === 0 ? 12 : 0;
    const [a, b, x] = [y(one.from) + one.loop, y(one.to) - one.loop, LINE + 1.5 * one.bend];
    find(".ways").append(element("path", { d: `M${LINE} ${a}C${x} ${a} ${x} ${b} ${LINE} ${b}` }));
  }
  rows.forEach((_, node) => find(".stops").append(element("circle", { cx: LINE, cy: y(node), r: 5 })));
  const dots = Array.from({ length: 160 }, () => element("circle", { r: 3.2, cx: -9, cy: -9 }));
  find(".dots").append(...dots);

  const seconds = () => Math.max(1, Number(find(".speed").value) / data.step); // frames of one, which is how long a dot flies
  // Items of one dot, the same all day: in its busiest moment but the first there are dots enough.
  const shares = {};
  const share = (span) => {
    if (!shares[span]) {
      let busiest = 1;
      for (let frame = Math.ceil(span) + 1; frame <= last; frame++) {
        const begun = Math.floor(frame - span);
        busiest = Math.max(busiest, moves.reduce((sum, one) => sum + one.sum[frame] - one.sum[begun], 0));
      }
      shares[span] = Math.ceil(busiest / 120);
    }
    return shares[span];
  };
  const fly = () => {
    let used = 0;
    const span = seconds();
    if (!calm.matches && playing) {
      const each = share(span);
      for (const one of moves) {
        const over = one.to <= one.from;
        for (let frame = Math.max(1, Math.ceil(at - span)); frame <= Math.floor(at); frame++) {
          const before = Math.floor(one.sum[frame - 1] / each), now = Math.floor(one.sum[frame] / each);
          for (let k = before; k < now && used < dots.length; k++) {
            const part = Math.min(1, (at - frame + (k - before) / (now - before)) / span), rest = 1 - part;
            const [a, b, x] = [y(one.from) + one.loop, y(one.to) - one.loop, LINE + 1.5 * one.bend];
            const side = 3 * rest * part;
            const dot = dots[used++];
            dot.setAttribute("cx", (LINE * (rest ** 3 + part ** 3) + x * side * (rest + part)).toFixed(1));
            dot.setAttribute("cy", (a * rest ** 3 + b * part ** 3 + side * (a * rest + b * part)).toFixed(1));
            dot.setAttribute("class", over ? "back" : "");
          }
        }
      }
    }
    for (let k = used; k < dots.length; k++) dots[k].setAttribute("cx", -9);
  };

  const draw = () => {
    const frame = Math.floor(at);
    rows.forEach((row, node) => {
      const stage = node - 1, told = row.querySelector(".told");
      if (row.className === "stage") {
        row.querySelector("i").style.width = `${(100 * waiting[stage][frame]) / most}%`;
        told.textContent = `${number(waiting[stage][frame])} wait, ${number(hand[stage][frame])} in hand`;
      } else if (node === 0) {
        told.textContent = `${number(left(0, frame))} today`;
      } else {
        const back = left(node, frame);
        told.textContent = `${number(came(node, frame))} today${back ? `, ${number(back)} called back` : ""}`;
      }
    });
    const each = share(seconds());
    find(".people").textContent = `at work: ${data.pools.map((name, k) => `${name} ${number(there[k][frame])}`).join(", ")}` +
      (each > 1 && !calm.matches ? `; a dot is ${each} items` : "");
    find(".clock").textContent = clock(frame);
    find(".at").value = frame;
    find(".at").setAttribute("aria-valuetext", clock(frame));
    fly();
  };
  // Read aloud when it stands, not at every frame.
  const say = () => {
    const frame = Math.floor(at);
    const told = data.stages.map((name, k) => `${name}: ${number(waiting[k][frame])} wait, ${number(hand[k][frame])} in hand`);
    find(".state").textContent = `${clock(frame)}. ${told.join("; ")}. Items delivered today: ${number(came(data.stages.length + 1, frame))}.`;
  };
  const stop = () => { playing = false; find(".play").textContent = at >= last ? "Again" : "Play"; draw(); say(); };
  const tick = (now) => {
    if (!playing) return;
    const passed = Math.max(0, Math.min(0.25, (now - before) / 1000)); // a frame may be older than the click
    const speed = Number(find(".speed").value) / data.step;
    if (calm.matches) { // an hour at a time, without motion
      if (now - before < 1000) { requestAnimationFrame(tick); return; }
      at = Math.min(last, at + 60 / data.step);
    } else {
      at = Math.min(last, at + passed * speed);
    }
    before = now;
    if (at >= last) { at = last; stop(); return; }
    draw();
    requestAnimationFrame(tick);
  };
  find(".play").addEventListener("click", () => {
    if (playing) { stop(); return; }
    if (at >= last) at = 0;
    clearTimeout(asked);
    playing = true;
    find(".play").textContent = "Pause";
    find(".state").textContent = "";
    before = performance.now();
    requestAnimationFrame(tick);
  });
  find(".at").addEventListener("input", () => {
    at = Number(find(".at").value);
    draw();
    clearTimeout(asked);
    if (!playing) asked = setTimeout(say, 400);
  });
  for (const name of [".play", ".at", ".speed"]) find(name).disabled = false;
  draw();
}
