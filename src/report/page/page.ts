import { readFileSync } from 'node:fs';
import { hasDates } from '../history.js';
import { html, type Markup, raw } from '../html.js';
import { manifestBlock } from '../manifest.js';
import { type ReportModel, readingOf } from '../model.js';
import { speaking, spokenLanguage, words } from '../speech.js';
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
  return html`<nav aria-label="${words('nav_materials')}"><ul>${items}<li><a href="#method-title">${words('nav_method')}</a></li></ul></nav>`;
}

function subtitle({ table, judged, materials, history, files, manifest }: ReportModel): string {
  const newest = history.at(-1);
  const parts = [
    words('subtitle_targets', { table: table.name }),
    words('subtitle_verdicts', { verdicts: judged.length, materials: materials.length }),
    words('files', { n: files.length }),
  ];
  if (newest !== undefined) parts.push(words('state_of', { date: dateOf(newest.started_at) }));
  if (judged.some(hasDates)) parts.push(words('dates_as_of', { day: manifest.parameters.as_of }));
  return parts.join(' · ');
}

/** Nothing may be loaded from elsewhere, and no script runs. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Languages as HTML names them. */
const htmlLanguages = { en: 'en', zh: 'zh-CN' } as const;

/** The whole report as one HTML page that needs nothing else, in the language of its manifest. */
export const renderPage = (model: ReportModel): string => speaking(readingOf(model), () => writePage(model));

function writePage(model: ReportModel): string {
  const page = html`<!doctype html>
<html lang="${htmlLanguages[spokenLanguage()]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="Cellar ${model.manifest.tool_version}">
<title>${words('title', { table: model.table.name })}</title>
<style>
${raw(style.replaceAll('</', '<\\/'))}</style>
</head>
<body>
<a class="skip" href="#main">${words('skip')}</a>
<header><p class="kicker">${words('kicker')}</p><h1>${words('heading')}</h1><p class="subtitle">${subtitle(model)}</p>${contents(model)}</header>
<main id="main">
${overview(model)}${model.materials.map((report) => materialSection(report, model))}${method(model)}</main>
${raw(manifestBlock(model.manifest))}
</body>
</html>
`;
  return page.text;
}
