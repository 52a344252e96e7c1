// A place drawn on a sketch of Bahrain: the coast by hand, good enough to tell Muharraq from Riffa.

import { s } from "./dom.js";

const ISLANDS = [
  [[50.45, 26.235], [50.48, 26.243], [50.52, 26.243], [50.55, 26.248], [50.59, 26.243], [50.61, 26.225], [50.603, 26.2], [50.62, 26.185],
   [50.612, 26.165], [50.622, 26.14], [50.63, 26.1], [50.625, 26.05], [50.632, 25.98], [50.615, 25.92], [50.595, 25.86], [50.573, 25.795],
   [50.555, 25.84], [50.53, 25.9], [50.495, 25.96], [50.475, 26.02], [50.48, 26.07], [50.462, 26.12], [50.47, 26.17], [50.448, 26.2]],
  [[50.598, 26.255], [50.61, 26.275], [50.64, 26.288], [50.672, 26.275], [50.685, 26.245], [50.66, 26.222], [50.63, 26.235], [50.612, 26.24]],
  [[50.612, 26.185], [50.635, 26.18], [50.655, 26.155], [50.65, 26.125], [50.63, 26.11], [50.622, 26.14]],
  [[50.53, 26.255], [50.56, 26.262], [50.58, 26.256], [50.56, 26.25]],
];
const ROADS = [
  [[50.33, 26.19], [50.45, 26.19], [50.52, 26.215], [50.575, 26.225], [50.605, 26.25], [50.65, 26.265]],
  [[50.575, 26.24], [50.56, 26.19], [50.55, 26.13], [50.56, 26.05], [50.57, 25.95]],
  [[50.48, 26.22], [50.5, 26.15], [50.505, 26.09], [50.54, 26.04]],
  [[50.47, 26.17], [50.54, 26.17], [50.6, 26.165], [50.64, 26.15]],
];
const WIDTH = 0.2; // degrees of longitude shown
const SIZE = [280, 140];

export function mapCard({ latitude, longitude }, label) {
  const scale = SIZE[0] / WIDTH;
  const project = ([lon, lat]) => [
    SIZE[0] / 2 + (lon - longitude) * scale,
    SIZE[1] / 2 + 8 - ((lat - latitude) * scale) / Math.cos((latitude * Math.PI) / 180),
  ].map((value) => value.toFixed(1)).join(" ");
  const path = (points, closed) => `M${points.map(project).join("L")}${closed ? "Z" : ""}`;
  const [x, y] = [SIZE[0] / 2, SIZE[1] / 2 + 8];
  return s("svg", { class: "map", viewBox: `0 0 ${SIZE[0]} ${SIZE[1]}`, role: "img", "aria-label": label, preserveAspectRatio: "xMidYMid slice" },
    s("rect", { class: "map-sea", width: "100%", height: "100%" }),
    ISLANDS.map((points) => s("path", { class: "map-land", d: path(points, true) })),
    ROADS.map((points) => s("path", { class: "map-road", d: path(points, false) })),
    ROADS.map((points) => s("path", { class: "map-road-core", d: path(points, false) })),
    s("ellipse", { class: "map-shadow", cx: x, cy: y + 1, rx: 7, ry: 2.5 }),
    s("path", { class: "map-pin", d: `M${x} ${y}c-4-8-12-13-12-22a12 12 0 0 1 24 0c0 9-8 14-12 22z` }),
    s("circle", { class: "map-dot", cx: x, cy: y - 22, r: 4.6 }),
  );
}
