{{- /* Name of every object of the release. */ -}}
{{- define "cordee.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains "cordee" .Release.Name -}}
{{ .Release.Name }}
{{- else -}}
{{ .Release.Name }}-cordee
{{- end -}}
{{- end -}}

{{- define "cordee.serviceAccount" -}}
{{- if .Values.serviceAccount.name -}}
{{ .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create -}}
{{ include "cordee.fullname" . }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "cordee.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What selects the pods of a component (list root component): immutable, so no value is in it. */ -}}
{{- define "cordee.selector" -}}
app.kubernetes.io/name: cordee
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* Labels of an object of a component (list root component). */ -}}
{{- define "cordee.labels" -}}
{{ include "cordee.selector" . }}
app.kubernetes.io/part-of: cordee
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: cordee-{{ (index . 0).Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* metadata of an object (list root component name). */ -}}
{{- define "cordee.metadata" -}}
metadata:
  name: {{ index . 2 | quote }}
  namespace: {{ (index . 0).Release.Namespace | quote }}
  labels:
    {{- include "cordee.labels" . | nindent 4 }}
{{- end -}}
