{{- define "kitchen-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "kitchen-operator.serviceAccount" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "kitchen-operator.fullname" . -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "kitchen-operator.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kitchen-operator.labels" -}}
{{ include "kitchen-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "kitchen-operator.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "kitchen-operator.serviceAccount" . }}
    namespace: {{ .Release.Namespace }}
{{- end -}}

{{- define "kitchen-operator.suspects" -}}
{{- if not (has (toString .Values.suspectAfter) (list "" "0" "0s")) -}}
true
{{- end -}}
{{- end -}}
