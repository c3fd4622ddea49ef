// The service's page: upload, queue, viewer, measurements, downloads. All its data come from the REST API.
"use strict";

(() => {
    const find = id => document.getElementById(id);
    const kept = "mkdseg-jobs";
    const askEvery = 1000;
    // Jobs of this tab only; nothing remains in the browser after it is closed.
    const jobs = new Map(JSON.parse(sessionStorage.getItem(kept) || "[]").map(([id, name]) => [id, { id, name }]));
    let token = sessionStorage.getItem("mkdseg-token") || "";
    let service = null;
    let shown = null;
    let viewer = null;
    let isLoading = 0;

    function element(tag, text, properties = {}) {
        return Object.assign(document.createElement(tag), { textContent: text }, properties);
    }

    function keep() {
        sessionStorage.setItem(kept, JSON.stringify([...jobs.values()].filter(job => job.id).map(job => [job.id, job.name])));
    }

    function say(message) {
        find("message").textContent = message;
    }

    async function ask(path, options = {}) {
        const headers = token ? { Authorization: `Bearer ${token}` } : {};
        const answer = await fetch(path, { ...options, headers });
        if (answer.status === 401) {
            find("access").hidden = false;
        }

        if (!answer.ok) {
            const problem = await answer.json().catch(() => ({}));
            throw Object.assign(new Error(problem.detail || `The service answered ${answer.status}.`), { status: answer.status });
        }

        return answer;
    }

    // Uploads.

    function send(entries, name) {
        const total = entries.reduce((sum, [, file]) => sum + file.size, 0);
        if (entries.length === 0 || total === 0) {
            say("There are no files in it.");
            return;
        }

        if (service && total > service.maxUploadBytes) {
            say(`The files total ${megabytes(total)}; at most ${megabytes(service.maxUploadBytes)} are accepted.`);
            return;
        }

        say("");
        const job = { id: "", name, state: "uploading", fraction: 0 };
        const key = Symbol(name);
        jobs.set(key, job);
        const body = new FormData();
        entries.forEach(([path, file]) => body.append("files", file, path));
        const request = new XMLHttpRequest();
        job.request = request;
        request.open("POST", "/v1/jobs");
        if (token) {
            request.setRequestHeader("Authorization", `Bearer ${token}`);
        }

        const end = message => {
            jobs.delete(key);
            if (message) {
                say(`${name}: ${message}`);
            }

            showJobs();
        };
        request.upload.onprogress = event => {
            job.fraction = event.loaded / Math.max(event.total, 1);
            showJobs();
        };
        request.onerror = () => end("The upload was interrupted.");
        request.onabort = () => end("");
        request.onload = () => {
            let answer = {};
            try {
                answer = JSON.parse(request.responseText);
            } catch {
                // A proxy may answer with a page; the status is enough.
            }

            if (request.status === 401) {
                find("access").hidden = false;
            }

            if (request.status === 202) {
                jobs.delete(key);
                jobs.set(answer.id, { ...answer, name });
                keep();
                showJobs();
            } else {
                end(answer.detail || `The service answered ${request.status}.`);
            }
        };
        request.send(body);
        showJobs();
    }

    const named = files => [...files].map(file => [file.webkitRelativePath || file.name, file]);

    // The dropped files, including those in folders.
    async function filesOf(items) {
        const found = [];
        async function add(entry) {
            if (entry.isFile) {
                const file = await new Promise((done, fail) => entry.file(done, fail));
                found.push([entry.fullPath.replace(/^\//, ""), file]);
                return;
            }

            const reader = entry.createReader();
            for (;;) {
                const some = await new Promise((done, fail) => reader.readEntries(done, fail));
                if (some.length === 0) {
                    return;
                }

                for (const inner of some) {
                    await add(inner);
                }
            }
        }

        for (const entry of [...items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean)) {
            await add(entry);
        }

        return found;
    }

    const titleOf = entries => entries.length === 1 ? entries[0][1].name : `${entries[0] ? entries[0][0].split("/")[0] : "nothing"} (${entries.length} files)`;

    function startUploads() {
        const drop = find("drop");
        for (const [button, input] of [["choose-files", "files"], ["choose-folder", "folder"]]) {
            find(button).addEventListener("click", () => find(input).click());
            find(input).addEventListener("change", event => {
                const entries = named(event.target.files);
                if (entries.length > 0) {
                    send(entries, titleOf(entries));
                }

                event.target.value = "";
            });
        }

        addEventListener("dragover", event => {
            event.preventDefault();
            drop.classList.add("over");
        });
        addEventListener("dragleave", event => {
            if (!event.relatedTarget) {
                drop.classList.remove("over");
            }
        });
        addEventListener("drop", async event => {
            event.preventDefault();
            drop.classList.remove("over");
            try {
                const dropped = [...event.dataTransfer.files];
                const inFolders = await filesOf(event.dataTransfer.items);
                const entries = inFolders.length > 0 ? inFolders : named(dropped);
                send(entries, titleOf(entries));
            } catch (error) {
                say(error.message);
            }
        });
    }

    // Jobs.

    const statusNames = { ok: "ok", doubtful: "doubtful", failed: "failed", leftOut: "left out" };

    function describe(job) {
        const left = job.secondsLeft === undefined ? "" : `, ${job.secondsLeft < 60
            ? `${Math.ceil(job.secondsLeft)} s` : `${Math.ceil(job.secondsLeft / 60)} min`} left`;
        switch (job.state) {
            case "uploading": return `uploading, ${Math.round(100 * job.fraction)} %`;
            case "queued": return job.position > 0 ? `queued, ${job.position} ahead of it` : "queued, next";
            case "running": return `${job.stage || "starting"}${left}`;
            case "done": return `done: ${[...new Set(job.cases.map(item => statusNames[item.status]))].join(", ")}`;
            case "failed": return `failed: ${job.message}`;
            case undefined: return "…";
            default: return job.state;
        }
    }

    const isOver = job => ["done", "failed", "cancelled"].includes(job.state);

    function showJobs() {
        find("jobs-section").hidden = jobs.size === 0;
        const list = find("jobs");
        // Rows are reused, so that the keyboard focus is kept.
        const rows = new Map([...list.children].map(row => [row.job, row]));
        for (const [key, job] of jobs) {
            let row = rows.get(key);
            rows.delete(key);
            if (!row) {
                row = element("li", "", { job: key });
                const bar = element("progress", "", { max: 1, value: 0 });
                bar.setAttribute("aria-label", `Progress of ${job.name}`);
                const remove = element("button", "", { type: "button", className: "remove" });
                const show = element("button", "Show", { type: "button", className: "show" });
                show.setAttribute("aria-label", `Show ${job.name}`);
                show.addEventListener("click", () => showResult(jobs.get(key)).catch(error => say(error.message)));
                remove.addEventListener("click", () => removeJob(key).catch(error => say(error.message)));
                row.append(element("span", job.name, { className: "name" }), element("span", "", { className: "state" }), bar, show, remove);
                list.append(row);
            }

            const part = name => row.querySelector(`.${name}`);
            const state = describe(job);
            if (part("state").textContent !== state) {
                part("state").textContent = state;
            }

            row.dataset.state = job.state;
            row.querySelector("progress").hidden = isOver(job);
            row.querySelector("progress").value = job.fraction || 0;
            part("show").hidden = job.state !== "done";
            const action = isOver(job) ? "Delete" : "Cancel";
            if (part("remove").textContent !== action) {
                part("remove").textContent = action;
                part("remove").setAttribute("aria-label", `${action} ${job.name}`);
            }
        }

        rows.forEach(row => row.remove());
    }

    async function removeJob(key) {
        const job = jobs.get(key);
        if (job.request && !job.id) {
            job.request.abort();
            return;
        }

        const answer = await ask(`/v1/jobs/${job.id}`, { method: "DELETE" }).catch(error => {
            if (error.status !== 404) {
                throw error;
            }

            return { status: 204 };
        });
        if (answer.status === 204) {
            jobs.delete(key);
            keep();
            if (shown === job.id) {
                hideResult();
            }
        }

        showJobs();
    }

    async function follow() {
        for (const [key, job] of [...jobs]) {
            if (!job.id || isOver(job)) {
                continue;
            }

            try {
                const answer = await (await ask(`/v1/jobs/${job.id}`)).json();
                const now = { ...answer, name: job.name };
                if (!jobs.has(key)) {
                    continue;
                }

                jobs.set(key, now);
                if (isOver(now)) {
                    find("news").textContent = `${now.name}: ${describe(now)}`;
                    if (now.state === "done" && shown === null) {
                        showResult(now).catch(error => say(error.message));
                    }
                }
            } catch (error) {
                if (error.status === 404) {
                    jobs.delete(key);
                    keep();
                }
            }
        }

        showJobs();
        setTimeout(follow, askEvery);
    }

    // Results.

    const number = (value, digits) => value === undefined || value === null ? "–" : value.toFixed(digits);
    const megabytes = bytes => `${Math.round(bytes / 1048576).toLocaleString("en")} MiB`;

    function hideResult() {
        shown = null;
        isLoading++;
        find("result").hidden = true;
    }

    async function showResult(job) {
        shown = job.id;
        find("result").hidden = false;
        find("result-title").textContent = `Result: ${job.name}`;
        find("case").replaceChildren(...job.cases.map(item => new Option(item.name, item.name)));
        find("case-choice").hidden = job.cases.length < 2;
        const first = job.cases.find(item => item.formats.length > 0);
        find("case").value = first.name;
        find("case").onchange = () => showCase(job, job.cases[find("case").selectedIndex]).catch(error => failViewer(error.message));
        find("result-title").focus({ preventScroll: true });
        find("result").scrollIntoView({ block: "start" });
        await showCase(job, first).catch(error => failViewer(error.message));
    }

    async function showCase(job, item) {
        find("status").textContent = statusNames[item.status];
        find("status").dataset.status = item.status;
        find("reason").textContent = item.reason;
        find("warnings").replaceChildren(...item.warnings.map(warning => element("li", warning)));
        showMeasures(item);
        showDownloads(job, item);
        await showVolumes(job, item);
    }

    function showMeasures(item) {
        find("structures").replaceChildren(...item.structures.map((structure, i) => {
            const meaning = service.structures[i];
            const row = document.createElement("tr");
            const head = element("th", "", { scope: "row" });
            const label = document.createElement("label");
            const box = element("input", "", { type: "checkbox", checked: true, value: meaning.classIndex, className: "structure" });
            box.addEventListener("change", showMasks);
            const swatch = element("span", "", { className: "swatch" });
            swatch.style.background = meaning.color;
            label.append(box, swatch, element("span", `${meaning.fullName} (${meaning.name})`));
            head.append(label);
            row.append(
                head,
                element("td", `${structure.isCut ? "≥ " : ""}${number(structure.volumeMl, 1)}`),
                element("td", number(structure.hounsfield && structure.hounsfield.mean, 0)),
                element("td", number(structure.agreement, 3)));
            return row;
        }));
        const heart = item.heart || {};
        const lines = [
            ["Left ventricular mass", heart.lvMassG, 0, "g"], ["Ascending aorta", heart.aortaMm, 1, "mm"],
            ["Pulmonary trunk", heart.pulmonaryTrunkMm, 1, "mm"], ["Trunk / aorta", heart.pulmonaryToAorta, 2, ""],
            ["Body surface area", heart.bodySurfaceM2, 2, "m²"],
        ].filter(([, value]) => typeof value === "number").map(([name, value, digits, unit]) => [name, `${value.toFixed(digits)} ${unit}`]);
        if (heart.phase) {
            lines.push(["Contrast", heart.phase]);
        }

        find("heart").replaceChildren(...lines.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
    }

    function showDownloads(job, item) {
        const names = { "nifti": "NIfTI", "seg.nrrd": "seg.nrrd (3D Slicer)", "seg": "DICOM SEG" };
        const files = { "nifti": `${item.name}.nii.gz`, "seg.nrrd": `${item.name}.seg.nrrd`, "seg": `${item.name}.seg.dcm` };
        const all = [...item.formats.map(format => [format, names[format], files[format]]), ["csv", "CSV", "results.csv"], ["zip", "All (zip)", "results.zip"]];
        find("downloads").replaceChildren(...all.map(([format, name, file]) => {
            const button = element("button", name, { type: "button" });
            button.dataset.format = format;
            button.addEventListener("click", () => download(
                `/v1/jobs/${job.id}/result?format=${format}&case=${encodeURIComponent(item.name)}`, file).catch(error => say(error.message)));
            return button;
        }));
    }

    // Uses fetch, since a link cannot carry the token.
    async function download(path, name) {
        const url = URL.createObjectURL(await (await ask(path)).blob());
        element("a", "", { href: url, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60000);
    }

    // The viewer.

    function failViewer(message) {
        find("viewer").dataset.state = "failed";
        find("location").textContent = message;
    }

    async function startViewer() {
        if (typeof niivue === "undefined") {
            throw new Error("This service was built without its viewer; downloads still work.");
        }

        if (!document.createElement("canvas").getContext("webgl2")) {
            throw new Error("This browser has no WebGL 2, which the viewer needs; downloads still work.");
        }

        const made = heartViewer.create();
        await made.attachToCanvas(find("canvas"));
        made.setSliceType(niivue.SLICE_TYPE.MULTIPLANAR);
        made.onLocationChange = location => {
            const [x, y, z] = location.mm;
            const values = location.values.map((value, i) => i === 0
                ? `intensity ${value.value.toFixed(0)}`
                : (service.structures.find(structure => structure.value === Math.round(value.value)) || { fullName: "background" }).fullName);
            find("location").textContent = `${x.toFixed(0)}, ${y.toFixed(0)}, ${z.toFixed(0)} mm; ${values.join("; ")}`;
        };
        find("opacity").addEventListener("input", showMasks);
        find("view").addEventListener("change", event => made.setSliceType(Number(event.target.value)));
        find("canvas").addEventListener("keydown", event => {
            const step = { ArrowUp: 1, PageUp: 10, ArrowDown: -1, PageDown: -10 }[event.key];
            if (step) {
                made.moveCrosshairInVox(0, 0, step);
                event.preventDefault();
            }
        });
        return made;
    }

    async function showVolumes(job, item) {
        const turn = ++isLoading;
        const frame = find("viewer");
        frame.dataset.state = "loading";
        find("location").textContent = "Loading…";
        viewer = viewer || await startViewer();
        for (let i = viewer.volumes.length - 1; i >= 0; i--) {
            viewer.removeVolumeByIndex(i);
        }

        if (item.formats.length === 0) {
            failViewer("This volume has no mask.");
            return;
        }

        const which = `case=${encodeURIComponent(item.name)}`;
        const load = async (path, name) => new File([await (await ask(path)).blob()], name);
        const [image, mask] = await Promise.all([
            load(`/v1/jobs/${job.id}/image?${which}`, "image.nii.gz"),
            load(`/v1/jobs/${job.id}/result?format=nifti&${which}`, "mask.nii.gz"),
        ]);
        // Another case or job may have been requested in the meantime.
        if (turn !== isLoading) {
            return;
        }

        const shownImage = await niivue.NVImage.loadFromFile({ file: image, name: "image.nii.gz", colormap: "gray" });
        const shownMask = await niivue.NVImage.loadFromFile({ file: mask, name: "mask.nii.gz", opacity: 0 });
        if (turn !== isLoading) {
            return;
        }

        viewer.addVolume(shownImage);
        viewer.addVolume(shownMask);
        if (service.modality.toUpperCase() === "CT") {
            [viewer.volumes[0].cal_min, viewer.volumes[0].cal_max] = [-250, 550];
        }

        const centres = item.structures.map(structure => structure.centroidMm).filter(Boolean);
        if (centres.length > 0) {
            const mean = axis => centres.reduce((sum, centre) => sum + centre[axis], 0) / centres.length;
            // From LPS to the viewer's RAS.
            viewer.scene.crosshairPos = viewer.mm2frac([-mean(0), -mean(1), mean(2)]);
        }

        showMasks();
        viewer.createOnLocationChange();
        frame.dataset.state = "shown";
    }

    // Hidden structures are transparent; masks contain the label set's values.
    function showMasks() {
        if (!viewer || viewer.volumes.length < 2) {
            return;
        }

        const hidden = new Set([...document.querySelectorAll("input.structure")].filter(box => !box.checked).map(box => Number(box.value)));
        const structures = [...service.structures].sort((a, b) => a.value - b.value);
        viewer.volumes[1].setColormapLabel(heartViewer.labelColours(structures.map(({ name, color, value, classIndex }) => (
            { name, colour: color, value, shown: !hidden.has(classIndex) }))));
        viewer.volumes[1].opacity = Number(find("opacity").value);
        viewer.updateGLVolume();
    }

    async function start() {
        service = await (await ask("/v1/version")).json();
        find("access").hidden = true;
        find("model").textContent = `Whole-heart segmentation of ${service.modality.toUpperCase()} with the model ${service.model}`;
        find("limits").textContent = `Up to ${megabytes(service.maxUploadBytes)}; results are deleted after ${service.keepHours} hours.`;
        find("version").textContent = Object.entries(service.versions).map(([name, version]) => `${name} ${version}`).join(" · ");
        say("");
        // For tests and for the browser's console.
        window.servicePage = { get viewer() { return viewer; }, jobs };
    }

    find("access").addEventListener("submit", event => {
        event.preventDefault();
        token = find("token").value.trim();
        sessionStorage.setItem("mkdseg-token", token);
        start().catch(error => say(error.message));
    });
    startUploads();
    start().catch(error => say(error.message));
    follow();
})();
