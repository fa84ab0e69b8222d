// Records in the browser: start, stop, listen, record again, send. Nothing leaves the page before "Send".
const box = document.getElementById("recorder");
const part = Object.fromEntries(["start", "stop", "time", "level", "taken", "play", "send", "file", "said"].map((id) => [id, document.getElementById(id)]));
const LONGEST = 180; // seconds, as the service takes it
let recorder = null, stream = null, sound = null, ticking = 0, context = null;

function say(text, problem = false) {
  part.said.textContent = text;
  part.said.className = problem ? "problem" : "";
}

function why(error) {
  if (error.name === "NotAllowedError") return "The microphone was refused. Allow it beside the address, then press Record again.";
  if (error.name === "NotFoundError") return "No microphone was found. You can choose a sound file instead.";
  return "Recording does not work here. You can choose a sound file instead.";
}

async function start() {
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    say("Recording needs a secure page (https) and a recent browser. You can choose a sound file instead.", true);
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  } catch (error) {
    say(why(error), true);
    return;
  }
  const chunks = [];
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
  recorder.addEventListener("stop", () => take(new Blob(chunks, { type: recorder.mimeType })));
  recorder.start(1000);
  watch();
  part.start.hidden = true;
  part.stop.hidden = false;
  part.taken.hidden = true;
  part.stop.focus();
  say("Recording …");
}

function watch() {
  const begun = Date.now();
  context = new AudioContext();
  const meter = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  part.level.hidden = false;
  ticking = setInterval(() => {
    const seconds = Math.floor((Date.now() - begun) / 1000);
    part.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    meter.getFloatTimeDomainData(samples);
    part.level.value = Math.min(1, Math.max(...samples.map(Math.abs)) * 2);
    if (seconds >= LONGEST) stop();
  }, 100);
}

function stop() {
  if (recorder && recorder.state !== "inactive") recorder.stop();
  clearInterval(ticking);
  if (stream) stream.getTracks().forEach((track) => track.stop());
  if (context) context.close();
  context = null;
  part.level.hidden = true;
  part.stop.hidden = true;
  part.start.hidden = false;
}

function take(blob) {
  sound = blob;
  URL.revokeObjectURL(part.play.src);
  part.play.src = URL.createObjectURL(blob);
  part.taken.hidden = false;
  part.start.textContent = "● Record again";
  say("Listen to it, then send it, or record again.");
  part.send.focus();
}

async function send() {
  if (!sound) return;
  const body = new FormData();
  body.set("csrf", box.dataset.csrf);
  body.set("words", box.dataset.words);
  body.set("sound", sound, "recording");
  part.send.disabled = true;
  say("Sending …");
  try {
    const answer = await fetch(box.dataset.to, { method: "POST", body });
    if (answer.status === 201) {
      location.reload();
      return;
    }
    const told = await answer.json().catch(() => ({}));
    say(told.error || "It could not be sent. Your recording is still here: try again.", true);
  } catch (error) {
    say("No connection. Your recording is still here: try again.", true);
  }
  part.send.disabled = false;
}

part.start.addEventListener("click", start);
part.stop.addEventListener("click", stop);
part.send.addEventListener("click", send);
part.file.addEventListener("change", () => part.file.files[0] && take(part.file.files[0]));
window.addEventListener("beforeunload", (event) => {
  if (recorder && recorder.state === "recording") event.preventDefault();
});
