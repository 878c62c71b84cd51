import { readFileSync } from 'node:fs';
import { hasDates } from '../history.js';
import { html, type Markup, raw } from '../html.js';
import { manifestBlock } from '../manifest.js';
import type { ReportModel } from '../model.js';
import { counted } from '../numbers.js';
import { materialSection } from './material.js';
import { method } from './method.js';
import { dateOf, materialId, overview } from './overview.js';

const styleSheet = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const style = ['./page.css', './figures.css', './paper.css'].map(styleSheet).join('');

function contents({ materials }: ReportModel): Markup {
  const items = materials.map(
    ({ material }) =>
      html`<li><a href="#${materialId(material.material_id)}">${material.material_id}</a></li>`,
  );
  return html`<nav aria-label="Materials"><ul>${items}<li><a href="#method-title">How to read this</a></li></ul></nav>`;
}

function subtitle({ table, judged, materials, history, files, manifest }: ReportModel): string {
  const newest = history.at(-1);
  const parts = [
    `Targets ${table.name}`,
    `${counted(judged.length, 'verdict')} on ${counted(materials.length, 'material')}`,
    counted(files.length, 'file'),
  ];
  if (newest !== undefined) parts.push(`state of ${dateOf(newest.started_at)}`);
  if (judged.some(hasDates)) parts.push(`dates as of ${manifest.parameters.as_of}`);
  return parts.join(' · ');
}

/** Nothing may be fetched, and nothing runs. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole report as one HTML page that needs nothing else. */
export function renderPage(model: ReportModel): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="Cellar ${model.manifest.tool_version}">
<title>Materials against targets: ${model.table.name}</title>
<style>
${raw(style.replaceAll('</', '<\\/'))}</style>
</head>
<body>
<a class="skip" href="#main">To the verdicts</a>
<header><p class="kicker">Cellar report</p><h1>Materials against their targets</h1><p class="subtitle">${subtitle(model)}</p>${contents(model)}</header>
<main id="main">
${overview(model)}${model.materials.map((report) => materialSection(report, model))}${method(model)}</main>
${raw(manifestBlock(model.manifest))}
</body>
</html>
`;
  return page.text;
}
