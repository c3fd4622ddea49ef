// The NiiVue settings shared by the report and the service.
"use strict";

const heartViewer = {
    create: () => new niivue.Niivue({
        backColor: [0, 0, 0, 1],
        crosshairColor: [1, 1, 1, 0.6],
        crosshairWidth: 0.5,
        show3Dcrosshair: true,
        isRadiologicalConvention: true,
        sagittalNoseLeft: true,
        multiplanarShowRender: niivue.SHOW_RENDER.ALWAYS,
        multiplanarLayout: niivue.MULTIPLANAR_TYPE.GRID,
        dragAndDropEnabled: false,
        isColorbar: false,
        logLevel: "error",
    }),

    // For structures { name, colour, value, shown }: hidden ones are transparent; 0 is background.
    labelColours(structures) {
        const colours = { R: [0], G: [0], B: [0], A: [0], I: [0], labels: [""] };
        for (const { name, colour, value, shown } of structures) {
            colours.R.push(parseInt(colour.slice(1, 3), 16));
            colours.G.push(parseInt(colour.slice(3, 5), 16));
            colours.B.push(parseInt(colour.slice(5, 7), 16));
            colours.A.push(shown ? 255 : 0);
            colours.I.push(value);
            colours.labels.push(name);
        }

        return colours;
    },
};
