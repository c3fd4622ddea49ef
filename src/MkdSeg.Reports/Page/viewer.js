// The report's viewer: image, annotation and predictions in NiiVue; structures can be hidden individually.
"use strict";

(() => {
    const data = JSON.parse(document.getElementById("report-data").textContent);
    const canvas = document.getElementById("viewer-canvas");
    if (!canvas || data.viewer.length === 0) {
        return;
    }

    const control = name => document.getElementById(`viewer-${name}`);
    const boxes = [...document.querySelectorAll("#viewer-structures input")];
    const frame = canvas.parentElement;
    const textOf = id => document.getElementById(id).textContent.trim();
    const viewer = heartViewer.create();

    function labelColours() {
        const hidden = new Set(boxes.filter(box => !box.checked).map(box => Number(box.value)));
        return heartViewer.labelColours(data.structures.map(({ name, colour, index }) => (
            { name, colour, value: index, shown: !hidden.has(index) })));
    }

    function showMasks() {
        const chosen = control("mask").selectedIndex;
        const opacity = Number(control("opacity").value);
        const colours = labelColours();
        viewer.volumes.slice(1).forEach((volume, i) => {
            volume.setColormapLabel(colours);
            volume.opacity = i === chosen ? opacity : 0;
        });
        viewer.updateGLVolume();
    }

    function fillMasks(item) {
        const select = control("mask");
        const before = select.value;
        select.replaceChildren(...[...item.masks.map(mask => mask.name), "none"].map(name => new Option(name, name)));
        select.value = item.masks.some(mask => mask.name === before)
            ? before
            : item.masks[item.masks.length - 1].name;
    }

    async function showCase() {
        const item = data.viewer[control("case").selectedIndex];
        frame.dataset.state = "loading";
        fillMasks(item);
        for (let i = viewer.volumes.length - 1; i >= 0; i--) {
            viewer.removeVolumeByIndex(i);
        }

        viewer.addVolume(await niivue.NVImage.loadFromBase64({
            base64: textOf(item.image),
            name: `${item.caseId}.nii.gz`,
            colormap: "gray",
            cal_min: item.lower,
            cal_max: item.upper,
            trustCalMinMax: false,
        }));
        for (const mask of item.masks) {
            viewer.addVolume(await niivue.NVImage.loadFromBase64({
                base64: textOf(mask.element),
                name: `${mask.name}.nii.gz`,
                opacity: 0,
            }));
        }

        viewer.volumes[0].cal_min = item.lower;
        viewer.volumes[0].cal_max = item.upper;
        viewer.scene.crosshairPos = viewer.mm2frac(item.centre);
        showMasks();
        viewer.createOnLocationChange();
        frame.dataset.state = "shown";
    }

    function say(message) {
        frame.dataset.state = "failed";
        control("location").textContent = message;
    }

    // The crosshair's position, the image's value and the mask's structure there.
    function describe(location) {
        const [x, y, z] = location.mm;
        const shown = location.values.filter((value, i) => i > 0 && viewer.volumes[i].opacity > 0).map(value => {
            const structure = data.structures.find(candidate => candidate.index === Math.round(value.value));
            return structure ? structure.name : "background";
        });
        const place = `${Math.abs(x).toFixed(0)} mm ${x < 0 ? "left" : "right"}, ${Math.abs(y).toFixed(0)} mm `
            + `${y < 0 ? "back" : "front"}, ${Math.abs(z).toFixed(0)} mm ${z < 0 ? "down" : "up"}`;
        return [place, `intensity ${location.values[0].value.toFixed(0)}`, ...shown].join("; ");
    }

    async function start() {
        await viewer.attachToCanvas(canvas);
        viewer.setSliceType(niivue.SLICE_TYPE.MULTIPLANAR);
        viewer.onLocationChange = location => {
            control("location").textContent = describe(location);
        };
        control("case").addEventListener("change", () => showCase().catch(error => say(error.message)));
        control("mask").addEventListener("change", showMasks);
        control("opacity").addEventListener("input", showMasks);
        control("view").addEventListener("change", event => viewer.setSliceType(Number(event.target.value)));
        boxes.forEach(box => box.addEventListener("change", showMasks));
        await showCase();
    }

    // For tests and for the browser's console.
    window.reportViewer = viewer;
    const test = document.createElement("canvas").getContext("webgl2");
    if (test) {
        start().catch(error => say(error.message));
    } else {
        say("This browser has no WebGL 2, which the viewer needs; the pictures below show the same cases.");
    }
})();
