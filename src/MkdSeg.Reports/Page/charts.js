// The report's charts: the page's data defines what they show, this file how they look.
"use strict";

(() => {
    const data = JSON.parse(document.getElementById("report-data").textContent);
    const palette = ["#8a96a3", "#d98b2b", "#2f7fc1", "#2a8f6b", "#8e5aa8", "#b3443c"];
    const ink = "#1d2733";
    const charts = [];

    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    Chart.defaults.color = ink;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.plugins.legend.labels.boxWidth = 12;

    function draw(id, configuration) {
        const canvas = document.getElementById(id);
        if (canvas) {
            charts.push(new Chart(canvas, configuration));
        }
    }

    const title = text => ({ display: true, text });
    const transparent = (colour, share) => colour + Math.round(255 * share).toString(16).padStart(2, "0");

    // The highest multiple of 0.1 below all values, so that differences are visible.
    const floor = values => Math.max(0, Math.floor(10 * Math.min(...values) - 0.001) / 10);

    function drawDice() {
        const values = data.predictions.flatMap(prediction => prediction.dice.flat());
        draw("dice-chart", {
            type: "boxplot",
            data: {
                labels: data.structures.map(structure => structure.name),
                datasets: data.predictions.map((prediction, i) => ({
                    label: prediction.name,
                    data: prediction.dice,
                    backgroundColor: transparent(palette[i % palette.length], 0.35),
                    borderColor: palette[i % palette.length],
                    borderWidth: 1.5,
                    itemRadius: 2,
                    itemBackgroundColor: palette[i % palette.length],
                    outlierRadius: 3,
                    outlierBackgroundColor: palette[i % palette.length],
                })),
            },
            options: { scales: { y: { title: title("Dice"), min: floor(values), max: 1 } } },
        });
    }

    function drawAgreement() {
        const points = data.agreement;
        const lowest = floor(points.flatMap(point => [point.agreement, point.dice]));
        draw("agreement-chart", {
            type: "scatter",
            data: {
                datasets: data.structures.map(structure => ({
                    label: structure.name,
                    data: points.filter(point => point.structure === structure.index)
                        .map(point => ({ x: point.agreement, y: point.dice, caseId: point.case })),
                    backgroundColor: structure.colour,
                    borderColor: ink,
                    borderWidth: 0.5,
                    pointRadius: 5,
                })),
            },
            options: {
                scales: {
                    x: { title: title("Dice between the segmentors (agreement)"), min: lowest, max: 1 },
                    y: { title: title("Dice against the annotation"), min: lowest, max: 1 },
                },
                plugins: {
                    tooltip: {
                        callbacks: {
                            label: at => `${at.raw.caseId}, ${at.dataset.label}: agreement ${at.raw.x.toFixed(3)}, `
                                + `Dice ${at.raw.y.toFixed(3)}`,
                        },
                    },
                },
            },
        });
    }

    // A dashed line at the start of each training stage after the first.
    const stageLines = {
        id: "stages",
        afterDatasetsDraw(chart) {
            const { ctx, chartArea, scales } = chart;
            ctx.save();
            ctx.strokeStyle = ctx.fillStyle = "#5b6875";
            ctx.setLineDash([4, 4]);
            for (const stage of data.curves.stages.slice(1)) {
                const x = scales.x.getPixelForValue(stage.first);
                ctx.beginPath();
                ctx.moveTo(x, chartArea.top);
                ctx.lineTo(x, chartArea.bottom);
                ctx.stroke();
                ctx.fillText(stage.name, x + 4, chartArea.top + 10);
            }

            ctx.restore();
        },
    };

    // A structure's curve has the structure's colour, as everywhere on the page.
    const curveColour = (name, i) =>
        data.structures.find(structure => structure.name === name)?.colour ?? palette[(i + 1) % palette.length];

    function drawCurves() {
        data.curves.groups.forEach((group, g) => draw(`curves-chart-${g}`, {
            type: "line",
            data: {
                datasets: group.curves.map((curve, i) => ({
                    label: curve.name,
                    data: curve.values.map((value, at) => ({ x: group.iterations[at], y: value })),
                    borderColor: curveColour(curve.name, i),
                    backgroundColor: curveColour(curve.name, i),
                    borderWidth: 1.5,
                    pointRadius: group.iterations.length < 30 ? 3 : 0,
                    spanGaps: true,
                })),
            },
            options: {
                interaction: { mode: "index", intersect: false },
                scales: {
                    x: { type: "linear", title: title("Iteration"), min: 0, max: group.iterations.at(-1) },
                    y: {
                        type: group.isLogarithmic ? "logarithmic" : "linear",
                        title: title(group.axis),
                        min: group.lower ?? undefined,
                        max: group.upper ?? undefined,
                    },
                },
            },
            plugins: group.hasStages ? [stageLines] : [],
        }));
    }

    if (data.predictions.length > 0) {
        drawDice();
    }

    if (data.agreement.length > 0) {
        drawAgreement();
    }

    drawCurves();

    // Charts have a different size on paper than on screen.
    window.addEventListener("beforeprint", () => charts.forEach(chart => chart.resize()));
    window.addEventListener("afterprint", () => charts.forEach(chart => chart.resize()));
})();
